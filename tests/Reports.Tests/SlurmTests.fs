namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports.Items

/// The scripts that are handed to Slurm.
module SlurmTests =
    let private command (arguments: string list) =
        let options =
            Options.parse "/repository" ([ "--on"; "slurm"; "--out"; "/some where" ] @ arguments)

        {
            Root = "/repo's home"
            Script = "scripts/regenerate.fsx"
            Options = options
            Slurm = options.Slurm.Value
        }

    [<Test>]
    let ``A path with a blank or a quote is one word of a script`` () =
        let script = Slurm.workScript (command [ "--part"; "main/np-RNN" ])
        Assert.That(script, Does.Contain """cd '/repo'\''s home' || exit 1""")
        Assert.That(script, Does.Contain "'--out' '/some where'")
        Assert.That(script, Does.Contain "#SBATCH --output=\"/some where/slurm/work-%j.log\"")
        Assert.That(script, Does.Contain "'--part' 'main/np-RNN' '--work'")

    [<Test>]
    let ``A task that stopped at a checkpoint is put back into the queue`` () =
        let script = Slurm.workScript (command [ "--workers"; "2"; "--time"; "1:00:00" ])
        Assert.That(script, Does.StartWith "#!/bin/bash\n#SBATCH")

        for line in
            [
                "#SBATCH --cpus-per-task=2"
                "#SBATCH --time=1:00:00"
                "#SBATCH --requeue"
                "#SBATCH --signal=TERM@90"
                "if [[ $status -eq 130 ]]; then"
            ] do
            Assert.That(script.Split '\n', Does.Contain line)

    [<Test>]
    let ``A task has a core for each thread of its run`` () =
        let script = Slurm.workScript (command [ "--threads"; "4" ])
        Assert.That(script.Split '\n', Does.Contain "#SBATCH --cpus-per-task=4")
        Assert.That(script, Does.Contain "'--workers' '1' '--threads' '4'")

    [<Test>]
    let ``The job behind the tasks hands on what is left in the same way`` () =
        let script =
            Slurm.publishScript (
                command [ "--tasks"; "9"; "--sbatch"; "partition=cpu"; "--profile"; "paper" ]
            )

        Assert.That(
            script,
            Does.Contain
                "'--on' 'slurm' '--tasks' '9' '--time' '4:00:00' '--sbatch' 'partition=cpu'"
        )

        Assert.That(script, Does.Contain "#SBATCH --partition=cpu")
        Assert.That(script, Does.Contain "'--profile' 'paper'")
        Assert.That(script, Does.Not.Contain "--wait")

    [<TestCase("partition=a b")>]
    [<TestCase("a\nb")>]
    let ``What is no word of sbatch is wrong use`` (option: string) =
        let reason =
            try
                command [ "--sbatch=" + option ] |> ignore
                "nothing"
            with UsageError message ->
                message

        Assert.That(reason, Does.Contain "one word is needed")
