namespace Repro.Reports.Tests

open System
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module PapersTests =
    let private row published verdict =
        Samples.row "IRNN" published published 1.0 3 (Some verdict)

    let private count name (shares: Share list) =
        shares |> List.filter (fun s -> s.Name = name) |> List.sumBy _.Count

    [<Test>]
    let ``Every verdict that there is has a place in the bar`` () =
        let rows = [
            for verdict in Enum.GetValues<Verdict>() -> row "1" (Badges.ofVerdict verdict)
        ]

        Assert.That(Papers.shares rows |> List.sumBy _.Count, Is.EqualTo rows.Length)

    [<Test>]
    let ``What was computed from equations is no published value, nor is a value of ours alone``
        ()
        =
        let rows = [
            row "1" Badge.Reproduced
            {
                row "" Badge.Consistent with
                    Computed = "2"
            }
            row "" Badge.Reproduced
        ]

        Assert.That(Papers.shares rows |> List.sumBy _.Count, Is.EqualTo 1)

    [<Test>]
    let ``A paper has three sentences whose numbers are those of its bar`` () =
        let rows = [
            row "1" Badge.Reproduced
            row "2" Badge.NotReproduced
            row "3" Badge.NotReproduced
            row "4" Badge.NotRun
            row "5" Badge.SubstituteData
        ]

        let summary = Papers.summary Papers.all.Head rows
        Assert.That(summary.Sentences, Has.Length.EqualTo 3)

        Assert.That(
            summary.Sentences[1],
            Does.StartWith(
                "Of its 5 published values, 3 are regenerated at the paper's own scale: \
                 1 lies within the margin stated before the runs, 2 do not, and 0 "
            )
        )

        Assert.That(summary.Sentences[2], Does.Contain("Another 1 rest").And.Contain "to run: 1.")
        Assert.That(count "not within the margin" summary.Shares, Is.EqualTo 2)

    [<Test>]
    let ``A paper of which nothing was run says so`` () =
        let summary = Papers.summary Papers.all.Head [ row "1" Badge.NotRun ]
        Assert.That(summary.Sentences[1], Does.StartWith "None of its 1 published value is")

    [<Test>]
    let ``A paper without a published value here is not said to have none left to run`` () =
        let sentences = (Papers.summary Papers.all.Head []).Sentences
        Assert.That(List.last sentences, Does.StartWith "No published value of it")

    [<Test>]
    let ``Addresses that git fetches from become a page's, without names or tokens`` () =
        let page = Commit.page

        Assert.That(
            page "git@github.com:owner/name.git",
            Is.EqualTo "https://github.com/owner/name"
        )

        Assert.That(
            page "https://github.com/owner/name.git",
            Is.EqualTo "https://github.com/owner/name"
        )

        Assert.That(
            page "https://someone:secret@host/owner/name",
            Is.EqualTo "https://host/owner/name"
        )

        Assert.That(page "/srv/git/name", Is.EqualTo "")

    [<Test>]
    let ``A folder outside a repository has no commit`` () =
        Samples.inFolder (fun folder -> Assert.That((Commit.ofSources folder).IsNone, Is.True))

    [<Test>]
    let ``A summary becomes a sentence without the name of its profile`` () =
        let sentence = Pages.sentence Profile.Paper
        Assert.That(sentence "paper, T = 150: best IRNN", Is.EqualTo "T = 150: best IRNN.")
        Assert.That(sentence "paper: success falls", Is.EqualTo "Success falls.")
        Assert.That(sentence "np-RNN leads.", Is.EqualTo "np-RNN leads.")
        Assert.That(sentence "", Is.EqualTo "")
