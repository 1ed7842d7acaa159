namespace Repro.Reports.Tests

open System
open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module TableTests =
    [<Test>]
    let ``Columns of numbers are set right, others left`` () =
        let html =
            Table.ofStrings [ "series"; "error" ] [ [ "IRNN"; "0.50" ]; [ "np-RNN"; "–" ] ]
            |> Table.toHtml "Errors"

        Assert.That(html, Does.Contain "<th scope=\"col\">series</th>")
        Assert.That(html, Does.Contain "<th scope=\"col\" class=\"num\">error</th>")
        Assert.That(html, Does.Contain "<td data-label=\"error\" class=\"num\">0.50</td>")

    [<Test>]
    let ``A header of many words may break, a short one stays on its line`` () =
        let html =
            Table.ofStrings [ "of these on another processor"; "a header that is wordy, too" ] [
                [ "54"; "word" ]
            ]
            |> Table.toHtml ""

        Assert.That(html, Does.Contain "<th scope=\"col\" class=\"long num\">of these")
        Assert.That(html, Does.Contain "<th scope=\"col\" class=\"long\">a header")

    [<Test>]
    let ``A badge is a chip and hostile text stays text`` () =
        let html =
            Table.create [ "what"; "verdict" ] [
                [ Cell.text "<img src=x onerror=alert(1)>"; Cell.badge Badge.NotReproduced ]
            ]
            |> Table.toHtml "\"><script>"

        Assert.That(html, Does.Contain "<span class=\"chip not-reproduced\">not reproduced</span>")
        Assert.That(html, Does.Not.Contain "<img")
        Assert.That(html, Does.Not.Contain "<script>")

    [<Test>]
    let ``CSV quotes what would break it`` () =
        let table =
            Table.ofStrings [ "a"; "b,c" ] [ [ "say \"hi\""; "two\nlines" ]; [ "1"; "" ] ]

        let expected = "a,\"b,c\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n1,\n"
        Assert.That(Table.toCsv table, Is.EqualTo expected)

    [<Test>]
    let ``A row that does not fit the headers is named`` () =
        Samples.refuses "Row 2 of a table has 2 cells under 1" (fun () ->
            Table.ofStrings [ "a" ] [ [ "1" ]; [ "1"; "2" ] ])
