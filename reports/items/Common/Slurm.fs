namespace Repro.Reports.Items

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Threading
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs

/// A command whose runs are handed to Slurm.
type SlurmCommand = {
    /// The repository's folder, which the nodes see under the same name.
    Root: string
    /// The command's script, relative to it.
    Script: string
    Options: Options
    Slurm: SlurmOptions
}

/// Hands a command's runs to Slurm: an array of tasks that each make runs until none is left to
/// take, and a job behind it that publishes. The store's claims part the runs among the tasks, so
/// that no task waits while another has runs to spare.
module Slurm =
    /// Where a command's scripts, its tasks' logs and the list of runs left are.
    let folderOf (options: Options) = Path.Combine(options.Out, "slurm")

    let private quote (word: string) = "'" + word.Replace("'", "'\\''") + "'"

    /// The words after `dotnet fsi` that ask another process for the same runs.
    let internal words ({ Options = options } as command: SlurmCommand) = [
        Path.Combine(command.Root, command.Script)
        "--profile"
        options.Profile.Name()
        "--workers"
        string options.Workers
        if options.Threads > 1 then
            "--threads"
            string options.Threads
        "--out"
        options.Out
        if not options.Only.IsEmpty then
            "--only"
            String.Join(",", options.Only)
        for part in options.Parts do
            "--part"
            part
        match options.Data with
        | Some folder ->
            "--data"
            folder
        | None -> ()
        if options.Record then
            "--record"
    ]

    let private commandLine (words: string list) =
        "dotnet fsi " + String.Join(" ", List.map quote words)

    // sbatch reads its options from the comments at the top.
    let private header (command: SlurmCommand) (name: string) = [
        "#!/bin/bash"
        $"#SBATCH --job-name=repro-{name}"
        let log = Path.Combine(folderOf command.Options, $"{name}-%%j.log")
        $"#SBATCH --output=\"{log}\""
        "#SBATCH --open-mode=append"
        "#SBATCH --ntasks=1"

        for option in command.Slurm.Sbatch do
            $"#SBATCH --{option}"
    ]

    /// The script of each task. A task that is told to stop, 90 s before its time is up or because
    /// its node is wanted, saves its runs' states and ends with 130: it is put back into the queue
    /// and goes on from there.
    let internal workScript (command: SlurmCommand) =
        String.Join(
            "\n",
            header command "work"
            @ [
                $"#SBATCH --cpus-per-task={max command.Options.Workers command.Options.Threads}"
                $"#SBATCH --time={command.Slurm.Time}"
                "#SBATCH --requeue"
                "#SBATCH --signal=TERM@90"
                $"cd {quote command.Root} || exit 1"
                "srun --ntasks=1 " + commandLine (words command @ [ "--work" ])
                "status=$?"
                $"if [[ $status -eq {Interrupts.ExitCode} ]]; then"
                "    scontrol requeue \"$SLURM_JOB_ID\""
                "fi"
                "exit $status"
                ""
            ]
        )

    /// The script of the job behind the tasks: it publishes, or hands on what is left.
    let internal publishScript (command: SlurmCommand) =
        let slurm = command.Slurm

        let again = [
            "--on"
            "slurm"
            "--tasks"
            string slurm.Tasks
            "--time"
            slurm.Time
            for option in slurm.Sbatch do
                "--sbatch"
                option
        ]

        String.Join(
            "\n",
            header command "publish"
            @ [
                $"cd {quote command.Root} || exit 1"
                "exec " + commandLine (words command @ again)
                ""
            ]
        )

    // Standard output of a Slurm command. Its errors go to the user's own.
    let private run (command: string) (arguments: string list) =
        try
            let start = ProcessStartInfo(command, arguments, RedirectStandardOutput = true)

            match Process.Start start with
            | null -> raise (UsageError $"the command '{command}' could not be started")
            | started ->
                use running = started
                let output = running.StandardOutput.ReadToEnd()
                running.WaitForExit()
                running.ExitCode, output.Trim()
        with :? Win32Exception ->
            raise (
                UsageError
                    $"--on slurm needs the command '{command}', and it is not here; run this on \
                      a login node of the cluster, or use --work on each machine"
            )

    let private submit (arguments: string list) =
        match run "sbatch" ("--parsable" :: arguments) with
        // With several clusters their name follows the number.
        | 0, output -> output.Split(';')[0]
        | code, _ ->
            raise (IOException $"sbatch ended with exit code {code}; its message above says why")

    let private leftPath options =
        Path.Combine(folderOf options, "left.txt")

    /// Raises IOException where the runs left are those that were handed on before: what no task
    /// could make would be handed on for ever.
    let private requireProgress (options: Options) (before: string list) (left: string list) =
        if before = left then
            let logs = Path.Combine(folderOf options, "work-*.log")

            raise (
                IOException
                    $"the last tasks made none of the {left.Length} runs left; {logs} says why. \
                      The same command hands them on again"
            )

    // The job behind the tasks knows what they were given.
    let private given (options: Options) =
        let path = leftPath options
        let isJob = not (isNull (Environment.GetEnvironmentVariable "SLURM_JOB_ID"))

        if isJob && File.Exists path then
            List.ofArray (File.ReadAllLines path)
        else
            []

    let private ownerOf (job: string) = $"slurm job {job}"

    /// Who claims runs in this process. A job that Slurm starts again keeps its number, and with
    /// it its claims.
    let owner () =
        match Environment.GetEnvironmentVariable "SLURM_JOB_ID" with
        | null -> SharedWork.NewOwner()
        | job -> ownerOf job

    /// Forgets the claims of jobs that Slurm no longer knows: they were killed with their node.
    let private forgetClaims (stores: TwoStores) =
        match run "squeue" [ "--noheader"; "--array"; "--format=%A" ] with
        | 0, output ->
            let known = set [ for line in output.Split '\n' -> ownerOf (line.Trim()) ]

            stores.Local.ForgetClaims(fun owner ->
                owner.StartsWith(ownerOf "", StringComparison.Ordinal)
                && not (known.Contains owner))
        | _ -> ()

    /// Submits tasks for the runs left, given by their ids in order, and returns the job's number.
    /// `before` is what was left before this caller's last tasks. Where the options do not say that
    /// the caller waits, a job behind the tasks goes on.
    /// Raises UsageError without Slurm, IOException where it refuses or the last tasks made none.
    let hand
        (terminal: Terminal)
        (stores: TwoStores)
        ({ Options = options } as command: SlurmCommand)
        (before: string list)
        (left: string list)
        =
        requireProgress options (if List.isEmpty before then given options else before) left
        forgetClaims stores
        let folder = folderOf options
        Directory.CreateDirectory folder |> ignore
        let work = Path.Combine(folder, "work.sh")
        let publish = Path.Combine(folder, "publish.sh")
        File.WriteAllText(work, workScript command)
        File.WriteAllText(publish, publishScript command)
        let count = min command.Slurm.Tasks left.Length
        let job = submit [ "--hold"; $"--array=1-{count}"; work ]
        File.WriteAllLines(leftPath options, left)

        let behind =
            if command.Slurm.Waits then
                None
            else
                Some(submit [ $"--dependency=afterany:{job}"; publish ])

        match run "scontrol" [ "release"; job ] with
        | 0, _ -> ()
        | code, _ -> raise (IOException $"scontrol release {job} ended with exit code {code}")

        match behind with
        | Some behind ->
            terminal.Say
                $"job {job}: {count} tasks of {options.Workers} at once; job {behind} publishes \
                  when they have ended. Logs and scripts are in {folder}; end them with scancel \
                  {job} {behind}, and the same command goes on"
        | None ->
            terminal.Say
                $"job {job}: {count} tasks of {options.Workers} at once. Logs and scripts are in \
                  {folder}; end them with scancel {job}, and the same command goes on"

        job

    // A controller that does not answer says nothing of the job.
    let private isThere (job: string) =
        match run "squeue" [ "--noheader"; "--format=%F" ] with
        | 0, output -> output.Split('\n') |> Array.exists (fun line -> line.Trim() = job)
        | _ -> true

    let private secondsBetweenLooks = 5

    /// Waits until every task of a job has ended; false when interrupted before.
    let wait (job: string) (cancellation: CancellationToken) =
        let mutable isOver = false

        while not isOver && not cancellation.IsCancellationRequested do
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(float secondsBetweenLooks))
            |> ignore

            isOver <- not (isThere job)

        isOver
