namespace Repro.Engine.Networks;

/// <summary>
/// Which units of a clockwork network work in which step. The hidden units are cut into modules,
/// fast ones first; a module works in the steps t with (t + <see cref="Start"/>) mod period = 0
/// and keeps its states in the others. It reads the modules that are as slow as itself or slower.
/// Source: Koutník, Greff, Gomez, Schmidhuber 2014, "A Clockwork RNN".
/// </summary>
public sealed record Clockwork
{
    /// <summary>Modules of the given periods.</summary>
    /// <param name="periods">Steps from one work of a module to the next, 1 or more, one for
    /// each module, none below the one before it.</param>
    /// <param name="start">What t is in the first step: at 0 every module works there.</param>
    /// <exception cref="ArgumentException">There is no period, or they are out of order.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A period is below 1 or the start below 0.
    /// </exception>
    public Clockwork(IEnumerable<int> periods, int start = 0)
    {
        Periods = [.. periods];
        Start = start;
        if (Periods.Count == 0)
        {
            throw new ArgumentException("there are no periods; a clockwork has one or more");
        }
        for (int i = 0; i < Periods.Count; i++)
        {
            if (Periods[i] < 1)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(periods), Periods[i],
                    $"period {i} is {Periods[i]}; a whole number of 1 or more is needed");
            }
            if (i > 0 && Periods[i] < Periods[i - 1])
            {
                throw new ArgumentException(
                    $"period {Periods[i]} comes after {Periods[i - 1]}; write the fast modules, of "
                    + "small periods, first", nameof(periods));
            }
        }
        if (start < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"the clock starts at {start}; 0 or more is needed");
        }
    }

    /// <summary>The period of each module, ascending.</summary>
    public IReadOnlyList<int> Periods { get; }

    /// <summary>t of the first step, 0 or more.</summary>
    public int Start { get; }

    /// <summary>Units of each module: H/g of them, and one more in each of the first H mod g.
    /// </summary>
    /// <param name="hiddenSize">H, at least the number of modules.</param>
    /// <exception cref="ArgumentException">A module would have no unit.</exception>
    public int[] Sizes(int hiddenSize)
    {
        int modules = Periods.Count;
        if (hiddenSize < modules)
        {
            throw new ArgumentException(
                $"{hiddenSize} hidden units are to make {modules} modules; give each a unit or "
                + "more, or state fewer periods");
        }
        return [.. Enumerable.Range(0, modules)
            .Select(i => (hiddenSize / modules) + (i < hiddenSize % modules ? 1 : 0))];
    }

    /// <summary>Whether a module works in a step.</summary>
    /// <param name="period">Its period.</param>
    /// <param name="step">The step, counted from 0.</param>
    public bool Works(int period, int step) => (step + Start) % period == 0;

    /// <summary>Weights and biases that are in use: all but the recurrent weights from a module
    /// to a slower one.</summary>
    /// <param name="spec">The network's sizes.</param>
    public long ParametersIn(NetworkSpec spec) =>
        new ParameterLayout(spec).Length - ((long)spec.HiddenSize * spec.HiddenSize)
        + Modules(spec.HiddenSize).Sum(m => (long)m.Size * (spec.HiddenSize - m.First));

    /// <summary>Multiplications by recurrent weights that one sequence takes.</summary>
    /// <param name="hiddenSize">H.</param>
    /// <param name="steps">T.</param>
    public long RecurrentProducts(int hiddenSize, int steps)
    {
        long all = 0;
        foreach (ClockModule module in Modules(hiddenSize))
        {
            all += WorkOf(module, steps) * (hiddenSize - module.First);
        }
        return all;
    }

    /// <summary>How often units work in one sequence, added over the units.</summary>
    /// <param name="hiddenSize">H.</param>
    /// <param name="steps">T.</param>
    public long UnitSteps(int hiddenSize, int steps) =>
        Modules(hiddenSize).Sum(module => WorkOf(module, steps));

    // Steps in which the module works, once for each of its units.
    private long WorkOf(ClockModule module, int steps)
    {
        long works = 0;
        for (int t = 0; t < steps; t++)
        {
            works += Works(module.Period, t) ? 1 : 0;
        }
        return works * module.Size;
    }

    /// <inheritdoc/>
    public bool Equals(Clockwork? other) =>
        other is not null && Start == other.Start && Periods.SequenceEqual(other.Periods);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Periods.Aggregate(Start, (hash, period) => HashCode.Combine(hash, period));

    /// <summary>The modules; those of one period, which work and read alike, are one.</summary>
    internal ClockModule[] Modules(int hiddenSize)
    {
        int[] sizes = Sizes(hiddenSize);
        List<ClockModule> modules = [];
        int first = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (modules.Count > 0 && modules[^1].Period == Periods[i])
            {
                modules[^1] = modules[^1] with { Size = modules[^1].Size + sizes[i] };
            }
            else
            {
                modules.Add(new ClockModule(Periods[i], first, sizes[i]));
            }
            first += sizes[i];
        }
        return [.. modules];
    }
}

/// <summary>Units that work together.</summary>
/// <param name="Period">Steps from one work to the next.</param>
/// <param name="First">Index of their first unit. They read the units from there on.</param>
/// <param name="Size">How many there are.</param>
internal readonly record struct ClockModule(int Period, int First, int Size);
