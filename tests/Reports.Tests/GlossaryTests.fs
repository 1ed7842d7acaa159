namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module GlossaryTests =
    let private link id (text: string) =
        sprintf "<a class=\"term\" href=\"#term-%s\">%s</a>" id text

    [<Test>]
    let ``The first use of a term is linked, and no other`` () =
        let html, used = Glossary.mark Samples.terms "<p>IRNN, np-RNN, IRNN</p>"

        Assert.That(
            html,
            Is.EqualTo("<p>" + link "irnn" "IRNN" + ", " + link "np-rnn" "np-RNN" + ", IRNN</p>")
        )

        Samples.same [ "irnn"; "np-rnn" ] (used |> List.map _.Id)

    [<Test>]
    let ``Parts of longer words, code, headings and drawings are left alone`` () =
        let html =
            "<h2>IRNN</h2><pre><code>IRNN</code></pre><svg><text>IRNN</text></svg>\
             <p>xIRNN IRNN-2 <a href=\"#\">IRNN</a></p>"

        let marked, used = Glossary.mark Samples.terms html
        Assert.That(marked, Is.EqualTo html)
        Assert.That(used, Is.Empty)

    [<Test>]
    let ``A term in a table alone is defined and not linked there`` () =
        let html = "<table><tr><td>np-RNN</td></tr></table>"
        let marked, used = Glossary.mark Samples.terms html
        Assert.That(marked, Is.EqualTo html)
        Samples.same [ "np-rnn" ] (used |> List.map _.Id)

    [<Test>]
    let ``The longest spelling wins`` () =
        let terms = (Papers.all |> List.find (fun p -> p.Name.StartsWith "Pascanu")).Terms
        let html, _ = Glossary.mark terms "<p>MSGD-CR before MSGD</p>"
        Assert.That(html, Does.Contain(link "msgd-cr" "MSGD-CR"))
        Assert.That(html, Does.Contain(link "msgd" "MSGD"))

    [<Test>]
    let ``Every definition of a paper can be set, under ids of their own`` () =
        for paper in Papers.all |> List.filter (fun p -> not p.Terms.IsEmpty) do
            Assert.That(paper.Terms |> List.map _.Id, Is.Unique)
            let html = Glossary.define paper.Terms
            Assert.That(html, Does.Contain "<math>")
            Assert.That(html, Does.Not.Contain "\\")
