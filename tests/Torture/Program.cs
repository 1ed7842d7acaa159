// Tries to make the engine lose or falsify a result. Each form prints its figures as JSON and ends
// with 1 when a result was lost or wrong. The long forms take minutes to an hour; the tests run
// short ones.
using Repro.Engine.Numerics;
using Repro.Torture;
using Repro.Torture.Disks;
using Repro.Torture.Functions;
using Repro.Torture.Fuzz;

const string Help = """
    usage: dotnet run -c Release --project tests/Torture -- FORM [options]

      functions   exp, tanh, logistic, log(1 + x) and log of every float, on every path of this
                  machine: a hash each, and the worst error against MPFR
        --stride N     only every N-th float; 1
      kills       SIGKILLs at random instants of a process that trains
        --count N      how many; 1000
        --seed N       of the instants; 1
        --minutes N    stop after so many minutes; what was done until then counts
      disks       the n-th operation of the disk fails, or the power is cut there, for every n
        --every N      only every N-th operation; 1
      damage      every stored file cut, flipped, zeroed and made longer at every offset
        --every N      only every N-th offset; 1
      fuzz        mutated inputs for every reader
        --count N      inputs for all readers together; 1100000
        --seed N       of the mutations; 1
        --corpus DIR   write the smallest input of each outcome there

      --out FILE  also write the figures to a file
    """;

try
{
    Words words = new(args);
    switch (words.Form)
    {
        case "functions":
            long stride = words.Number("--stride", 1);
            List<FunctionFigures> functions = [];
            foreach (FloatFunction function in Enum.GetValues<FloatFunction>())
            {
                functions.Add(FunctionScan.Of(function, stride, measuresError: true));
                Console.Error.WriteLine(functions[^1]);
            }
            functions.Add(LogScan.Of(stride, measuresError: true));
            Figures.Say(words.Command, words.Text("--out"), functions);
            return 0;
        case "kills":
            KillFigures kills = Kills.Of(
                (int)words.Number("--count", 1000), (ulong)words.Number("--seed", 1),
                words.Text("--minutes") is null
                    ? double.PositiveInfinity : words.Number("--minutes", 1));
            Figures.Say(words.Command, words.Text("--out"), kills);
            return kills.LostOrWrong == 0 ? 0 : 1;
        case "work":
            Kills.Work(words.Text("--folder") ?? throw new WrongUseException("--folder is needed"));
            return 0;
        case "disks":
            DiskFigures disks = DiskFaults.All(2, 50, (int)words.Number("--every", 1));
            Figures.Say(words.Command, words.Text("--out"), disks);
            return disks.LostOrWrong == 0 ? 0 : 1;
        case "damage":
            DamageFigures damage = Damage.All(50, (int)words.Number("--every", 1));
            Figures.Say(words.Command, words.Text("--out"), damage);
            return damage.LostOrWrong == 0 ? 0 : 1;
        case "fuzz":
            long inputs = words.Number("--count", 1_100_000) / Target.All.Count;
            List<FuzzFigures> fuzzed = [];
            foreach (Target target in Target.All)
            {
                Fuzzer fuzzer = new(target, (ulong)words.Number("--seed", 1));
                fuzzed.Add(fuzzer.Run(inputs));
                Console.Error.WriteLine(fuzzed[^1]);
                if (words.Text("--corpus") is { } folder)
                {
                    Corpus.Write(folder, target.Name, fuzzer.Outcomes.Values, longest: 2_000);
                }
            }
            Figures.Say(words.Command, words.Text("--out"), fuzzed);
            return fuzzed.All(f => f.Wrong == 0) ? 0 : 1;
        default:
            throw new WrongUseException($"there is no form '{words.Form}'");
    }
}
catch (WrongUseException error)
{
    Console.Error.WriteLine($"error: {error.Message}\n\n{Help}");
    return 2;
}
catch (PathsDifferException error)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
