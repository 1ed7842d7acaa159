namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module SeriesTextTests =
    [<TestCase("smart-tanh/MSGD-C", "smart tanh, MSGD-C")>]
    [<TestCase("sigmoid/MSGD", "sigmoid, MSGD")>]
    [<TestCase("basic-tanh/MSGD-CR T=20 seed 1", "basic tanh, MSGD-CR T=20 seed 1")>]
    [<TestCase("Piano-midi.de/MSGD+CR", "Piano-midi.de, MSGD+CR")>]
    [<TestCase("JSB Chorales/MSGD+C", "JSB Chorales, MSGD+C")>]
    [<TestCase("PTB-1-step/MSGD", "PTB 1 step, MSGD")>]
    [<TestCase("PTB-5-step/MSGD+C", "PTB 5 steps, MSGD+C")>]
    [<TestCase("PTB-1-step", "PTB 1 step")>]
    [<TestCase("PTB-5-step", "PTB 5 steps")>]
    let ``A series of a network and a method, and a data set of text, are read as words``
        (name: string, read: string)
        =
        Assert.That(SeriesText.name name, Is.EqualTo read)

    [<TestCase("np-RNN")>]
    [<TestCase("np-RNN (SGD)")>]
    [<TestCase("MSGD-CR")>]
    [<TestCase("dE/dh")>]
    [<TestCase("lengths/basic-tanh/MSGD-C/50")>]
    [<TestCase("scripts/MSGD-runs.fsx")>]
    let ``Other names, formulas and the keys of runs stay as they are`` (name: string) =
        Assert.That(SeriesText.name name, Is.EqualTo name)
        Assert.That(SeriesText.inSentence name, Is.EqualTo name)

    [<Test>]
    let ``In a sentence a network is with its method`` () =
        Assert.That(
            SeriesText.inSentence "smart-tanh/MSGD-C is 2,104 below smart-tanh/MSGD.",
            Is.EqualTo "smart tanh with MSGD-C is 2,104 below smart tanh with MSGD."
        )

    [<Test>]
    let ``The ledger reads so, and its anchors, JSON and CSV keep the name`` () =
        let row = Samples.row "smart-tanh/MSGD-C" "50" "1" 1.0 3 None
        let html = LedgerHtml.render { PageTests.place with Root = "../" } Set.empty [ row ]
        Assert.That(html, Does.Contain "<td>smart tanh, MSGD-C<td>")
        Assert.That(html, Does.Contain(sprintf "<tr id=\"%s\">" (LedgerRow.anchor row)))
        Assert.That(LedgerHtml.json [ row ], Does.Contain "\"series\":\"smart-tanh/MSGD-C\"")

        let table = Table.ofStrings [ "series" ] [ [ "smart-tanh/MSGD-C" ] ]
        Assert.That(Table.toHtml "" table, Does.Contain "smart tanh, MSGD-C")
        Assert.That(Table.toCsv table, Does.Contain "smart-tanh/MSGD-C")
