namespace Repro.Reports.Tests

open System
open System.IO
open System.Net
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module LiterateTests =
    let private script =
        """(**
---
title: Addition
category: Talathi
---
# The addition task

Two numbers are *marked* and their sum is asked for.

| T | np-RNN |
|---|---|
| 150 | 95 % |
*)
let x = 1 // one
(*** hide ***)
let secret = 42
(** And $x^2$ (* nested *) more. *)
let s = "a <b> (** not prose *)"
"""

    let private none (name: string) : string =
        failwithf "the script takes no value, and so not '%s'" name

    [<Test>]
    let ``Prose becomes Markdown, code is kept and front matter is left out`` () =
        let html = Literate.render none script
        Assert.That(html, Does.Match "<h3>.*The addition task.*</h3>")
        Assert.That(html, Does.Contain "<em>marked</em>")
        Assert.That(html, Does.Contain "<table>")
        Assert.That(html, Does.Contain "<span class=\"c\">// one</span>")
        Assert.That(html, Does.Not.Contain "category")

    [<Test>]
    let ``Code after a hide command is not shown`` () =
        let html = Literate.render none script
        Assert.That(html, Does.Not.Contain "secret")
        Assert.That(html, Does.Contain "nested")

    [<Test>]
    let ``Text in code is escaped and no literal opens prose`` () =
        let html = Literate.render none script
        Assert.That(html, Does.Contain "&quot;a &lt;b&gt; (** not prose *)&quot;")

    [<TestCase("let s = \"a \\\" // b\" // c")>]
    [<TestCase("let t = \"\"\"x \" y // z\"\"\"")>]
    [<TestCase("let p = @\"c:\\temp\\\" + 'x'.ToString()")>]
    [<TestCase("let f<'a> (x: 'a) = x' |> g '\\n'")>]
    [<TestCase("#r \"nuget: X, 1.0\"")>]
    [<TestCase("let ``a name`` = $\"{x + 1}\" (* unfinished")>]
    [<TestCase("\"unfinished \\")>]
    let ``Colouring changes no character of the code`` (code: string) =
        let bare = Regex.Replace(Highlight.toHtml code, "<[^>]+>", "")
        Assert.That(WebUtility.HtmlDecode(bare).TrimEnd '\n', Is.EqualTo code)

    [<Test>]
    let ``A missing script is named`` () =
        Samples.refuses "'no-such-script.fsx' does not exist" (fun () ->
            Literate.renderFile none "no-such-script.fsx")

    [<Test>]
    let ``A value of the run stands in the prose where its name is`` () =
        let valueOf (name: string) =
            Assert.That(name, Is.EqualTo "ours smart-tanh/MSGD_C/50")
            "4 of 5 <a> *b* {{c}}"

        let html =
            Literate.render valueOf "(** It *learns*: {{ours\nsmart-tanh/MSGD_C/50}}, see. *)"

        Assert.That(html, Does.Contain "<em>learns</em>")

        Assert.That(
            html,
            Does.Contain ": <span class=\"spliced\">4 of 5 &lt;a&gt; *b* {{c}}</span>, see."
        )

    [<Test>]
    let ``A value may be a paragraph of its own, and braces in code are no name`` () =
        let script = "let a = $\"{{x}}\"\n(*** include-value: finding ***)\nlet b = 1\n"
        let html = Literate.render (fun name -> $"<{name}>") script
        Assert.That(html, Does.Contain "<p><span class=\"spliced\">&lt;finding&gt;</span></p>")
        Assert.That(html, Does.Contain "{{x}}")

    let private row series x metric ours : LedgerRow = {
        Samples.rows[0] with
            Series = series
            X = x
            Metric = metric
            Published = "12.5"
            Computed = ""
            Ours = ours
            Low = 1200.0
            High = 1280.0
            N = 3
            Scale = "paper"
    }

    [<Test>]
    let ``Values of a run have names by series, abscissa and, where need be, metric`` () =
        let texts =
            dict (
                Splices.ofRows [
                    row "np-RNN" "150" "score" 1234.56
                    row "np-RNN" "" "loss" nan
                    row "IRNN" "150" "score" 1240.0
                    row "IRNN" "150" "updates" 1250.0
                ]
            )

        Assert.That(texts["ours np-RNN/150"], Is.EqualTo "1,235 (1,200 to 1,280)")
        Assert.That(texts["ours np-RNN/150: score"], Is.EqualTo texts["ours np-RNN/150"])
        Assert.That(texts["paper np-RNN/150"], Is.EqualTo "12.5")
        Assert.That(texts["ours np-RNN"], Is.EqualTo "not run")
        Assert.That(texts.ContainsKey "ours IRNN/150", Is.False, "which of its metrics?")
        Assert.That(texts["ours IRNN/150: updates"], Does.StartWith "1,250 ")

    [<Test>]
    let ``An unknown name in the prose is an error that says the nearest`` () =
        let names = Splices.ofRows [ row "np-RNN" "150" "score" 1234.56 ]
        let lookup = Splices.lookup "scripts/a.fsx" (("finding", "It learns.") :: names)
        Assert.That(lookup "finding", Is.EqualTo "It learns.")
        Samples.refuses "did you mean 'ours np-RNN/150'?" (fun () -> lookup "ours npRNN/150")
        Samples.refuses "scripts/a.fsx takes the value 'findings'" (fun () -> lookup "findings")
        Samples.refuses "there are finding, ours np-RNN/150" (fun () -> lookup "power")
