namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items
open Repro.Reports.Tests.RivalSamples

/// What the page `rivals` and the index say in words of made-up ends of planned runs.
[<TestFixture>]
module RivalAdviceTests =
    [<Test>]
    let ``Advice names who solves most and of these who is cheapest in either measure`` () =
        let context = context ()
        let part = optimisers context
        let said = RivalAdvice.sentences context Profile.Paper part (told context)
        let problems = 6 * 3 * 3
        Assert.That(said[0], Does.Contain $"Of the {problems} problems")
        Assert.That(said[0], Does.Contain $"SGD-CR solved most: {problems}")
        Assert.That(said[1], Does.Contain $"by HF ({problems - 3} times)")
        Assert.That(said[1], Does.Contain $"operations by SGD-CR ({problems} times)")
        Assert.That(said[2], Does.StartWith "Each of SGD; SGD-C; SGD-CR, smart tanh; ")
        Assert.That(said[2], Does.EndWith "; and Adam solved none.")

        let started = told context |> List.filter (fun f -> f.Cell.X = "temporal order/50")

        let first = (RivalAdvice.sentences context Profile.Paper part started).Head

        Assert.That(
            first,
            Does.StartWith
                $"Of the 3 problems of the part 'optimisers' that every method has ended \
                  ({problems} are planned), SGD-CR and HF each solved most: 3"
        )


        let _, table = (RivalAdvice.table context Profile.Paper part (told context)).Head

        let row task t =
            table.Rows
            |> List.map (List.map _.Text)
            |> List.find (fun r -> r[0] = task && r[1] = t)

        Assert.That(
            row "temporal order" "200",
            equal [
                "temporal order"
                "200"
                "SGD-CR; HF (3 of 3)"
                "HF (100,000)"
                "SGD-CR (1.0e9)"
            ]
        )

        Assert.That((row "memorisation" "50")[2], Is.EqualTo "SGD-CR (3 of 3)")

    [<Test>]
    let ``A task that nobody solves is said to have no method`` () =
        let context = context ()
        let part = optimisers context
        let none = RivalRuns.plan context Profile.Paper |> List.map (paper None)
        let _, table = (RivalAdvice.table context Profile.Paper part none).Head
        Assert.That(table.Rows |> List.map (fun r -> r[2].Text), Has.All.EqualTo "none")
        let said = RivalAdvice.sentences context Profile.Paper part none
        Assert.That(said, Has.Length.EqualTo 1)
        Assert.That(said[0], Does.Contain "No method")

    /// What Hessian-free solved of the story on two tasks at T = 50, and nobody else's runs.
    let private two context =
        told context
        |> List.filter (fun f ->
            f.Cell.Series = "HF"
            && (f.Cell.X = "temporal order/50" || f.Cell.X = "memorisation/50"))

    [<Test>]
    let ``While no problem was tried by all, the page says what each method solved`` () =
        let context = context ()
        let some = two context

        let expected =
            "HF solved temporal order at T = 50 (3 of 3 seeds), memorisation at T = 50 (2 of 3 \
             seeds). That is 2 of the 126 pairs of a problem and a method in the part \
             'optimisers'; methods are compared on the problems that all of them have ended."

        Assert.That(RivalPages.summary context Profile.Paper some, Is.EqualTo expected)

        Assert.That(
            RivalPages.claim context Profile.Paper some,
            Does.Contain "<p>At most 20,000,000 sequences a run. HF solved temporal"
        )

        let part = optimisers context
        Assert.That(RivalAdvice.soFar context Profile.Paper part (told context), Is.Empty)

        // A cell without one of its seeds is none.
        let seedless = some |> List.filter (fun f -> f.Cell.Seed <> 1UL)
        Assert.That(RivalPages.summary context Profile.Paper seedless, Is.EqualTo Runs.noneAtHand)

    [<Test>]
    let ``Beside a problem that all have ended, what some have ended on others is not lost`` () =
        let context = context ()
        let part = optimisers context

        let mixed =
            told context
            |> List.filter (fun f ->
                f.Cell.X = "temporal order/50"
                || (f.Cell.Series = "HF" && f.Cell.X = "memorisation/50"))

        Samples.same
            [
                "Of problems that only some methods have ended:"
                "HF solved memorisation at T = 50 (2 of 3 seeds)."
                "Ended are 8 of the 126 pairs of a problem and a method in the part 'optimisers'; \
                 methods are compared on the problems that all of them have ended."
            ]
            (RivalAdvice.soFar context Profile.Paper part mixed)

        Assert.That(
            RivalPages.summary context Profile.Paper mixed,
            Does.StartWith
                "Of one case (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 1, by a factor of 10. HF needs more \
                 operations than SGD-CR in 1, by a factor of 2.0. Of the 3 problems of the part \
                 'optimisers' that every method has ended, so many are solved: SGD 0; SGD-C 0; \
                 SGD-CR 3;"
        )

    [<Test>]
    let ``Parts that vary one method's settings are on the page and not in the index`` () =
        let context = context ()
        let every = told context
        let index = RivalPages.summary context Profile.Paper every
        let page = RivalPages.claim context Profile.Paper every

        for part in RivalRuns.parts context Profile.Paper do
            let named = $"the part '{part.Name}'"
            Assert.That(index.Contains named, Is.EqualTo((part.About = "")), named)
            Assert.That(page, Does.Contain(Html.escape named))

    [<Test>]
    let ``A headline has the lengths without a gap at which every seed succeeds`` () =
        let context = context ()
        let some = two context

        let headline runs =
            RivalHeadlines.hessianFree.Text context runs []

        Assert.That(
            headline some,
            Is.EqualTo(
                Some
                    "Hessian-free optimisation, after its authors' released program with two \
                     rules changed, solves temporal order up to T = 50 with each of 3 seeds."
            )
        )

        Assert.That(headline (some |> List.filter (fun f -> f.Cell.X = "memorisation/50")), Is.Null)

        // What larger groups solve from every seed, beyond what the small ones do.
        let larger =
            RivalRuns.plan context Profile.Paper
            |> List.filter (fun c ->
                c.Series = "HF, large groups" && (c.X = "temporal order/200" || c.Seed < 3UL))
            |> List.map (paper (Some(3e6, 1e9)))

        Assert.That(
            headline (some @ larger) |> Option.defaultValue "",
            Does.EndWith
                "with each of 3 seeds. 'HF, large groups' also solves temporal order \
                          at T = 200."
        )

    [<Test>]
    let ``Two methods that the protocol names are laid beside each other where both have ended``
        ()
        =
        let context = context ()
        let pair = (RivalPairs.named context).Head
        Samples.same [ "HF"; "SGD-CR" ] [ pair.Method; pair.Other ]

        let said finished =
            RivalPairs.sentences context Profile.Paper pair finished

        // HF needs a tenth of the sequences and twice the operations, and misses memorisation's
        // third seed at every length.
        Samples.same
            [
                "Of 15 cases (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 15, by a factor of 10."
                "HF needs more operations than SGD-CR in 15, by a factor of 2.0."
                for length in [ 50; 100; 200 ] do
                    $"Of 3 seeds on memorisation at T = {length}, HF solves 2 and SGD-CR 3."
            ]
            (said (told context))

        // A case without one of either's seeds is none, and the others decide less and more.
        let some =
            RivalRuns.plan context Profile.Paper
            |> List.choose (fun c ->
                let cost =
                    match c.Series, c.X with
                    | "HF", "addition/50" -> Some 1e5
                    | "HF", "addition/100" -> Some 4e5
                    | "HF", "temporal order/50" -> Some 2.4e6
                    | "SGD-CR", ("addition/50" | "addition/100" | "temporal order/50") -> Some 1e6
                    | "HF", "addition/200" -> Some 1e5
                    | "SGD-CR", "addition/200" when c.Seed < 3UL -> Some 1e6
                    | _ -> None

                cost |> Option.map (fun n -> paper (Some(n, 1e9)) c))

        Samples.same
            [
                "Of 3 cases (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 2, by factors of 2.5 to 10, and more in 1, \
                 by a factor of 2.4."
            ]
            (said some)

        let title, table = (RivalPairs.tables context Profile.Paper some).Head
        Assert.That(title, Does.StartWith "HF beside SGD-CR")

        Samples.same
            [ "temporal order"; "50"; "3 of 3"; "3 of 3"; "2,400,000"; "1,000,000"; "2.40" ]
            (table.Rows.Head |> List.map _.Text |> List.truncate 7)

        Assert.That(table.Rows, Has.Length.EqualTo 3)
        Assert.That(said [], Is.Empty)
        Assert.That(RivalPairs.tables context Profile.Paper [], Is.Empty)

        // The headline takes the first of the sentences; the page and the index begin with them.
        Assert.That(
            RivalHeadlines.hessianFree.Text context some [] |> Option.defaultValue "",
            Does.EndWith "by a factor of 2.4."
        )

        Assert.That(
            RivalPages.summary context Profile.Paper some,
            Does.StartWith "Of 3 cases (a task at one length)"
        )

        Assert.That(
            RivalPages.claim context Profile.Paper some,
            Does.Contain "<p>At most 20,000,000 sequences a run. Of 3 cases"
        )

    [<Test>]
    let ``The headline on architectures names who learns every problem and who is the cheapest``
        ()
        =
        let context = context ()

        let runs solves =
            RivalRuns.plan context Profile.Paper
            |> List.filter (fun c -> c.Part = "architectures")
            |> List.map (fun c -> paper (solves c) c)

        let told =
            runs (fun c ->
                match c.Series with
                | "IRNN" -> Some((if c.X.EndsWith "/50" then 3e5 else 1e4), 1e9)
                | "np-RNN" -> Some(1e5, 1e9)
                | "GRU" when c.X.EndsWith "/200" -> None
                | "GRU" -> Some(2e5, 1e9)
                | _ -> None)

        let headline finished =
            RivalHeadlines.architectures.Text context finished []

        Assert.That(
            headline told,
            Is.EqualTo(
                Some
                    "On one budget IRNN and np-RNN learn Talathi and Vartak's tasks at every \
                     length up to T = 200 with each of 3 seeds; IRNN needs the fewest sequences \
                     in 12 of 18 cases."
            )
        )

        // Neither while a run is missing, nor where nobody learns every problem.
        Assert.That(headline (List.tail told), Is.Null)

        Assert.That(
            headline (runs (fun c -> if c.X.EndsWith "/50" then Some(1e5, 1e9) else None)),
            Is.Null
        )
