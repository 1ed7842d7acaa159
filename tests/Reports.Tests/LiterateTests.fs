namespace Repro.Reports.Tests

open System
open System.IO
open System.Net
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Reports

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

    [<Test>]
    let ``Prose becomes Markdown, code is kept and front matter is left out`` () =
        let html = Literate.render script
        Assert.That(html, Does.Match "<h3>.*The addition task.*</h3>")
        Assert.That(html, Does.Contain "<em>marked</em>")
        Assert.That(html, Does.Contain "<table>")
        Assert.That(html, Does.Contain "<span class=\"c\">// one</span>")
        Assert.That(html, Does.Not.Contain "category")

    [<Test>]
    let ``Code after a hide command is not shown`` () =
        let html = Literate.render script
        Assert.That(html, Does.Not.Contain "secret")
        Assert.That(html, Does.Contain "nested")

    [<Test>]
    let ``Text in code is escaped and no literal opens prose`` () =
        let html = Literate.render script
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
            Literate.renderFile "no-such-script.fsx")
