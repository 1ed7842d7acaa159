using System.Globalization;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>Which of a unit's connections are few.</summary>
public enum SparseSide
{
    /// <summary>Those it sends: the authors' program keeps so many entries of each row of W, and
    /// multiplies h·W.</summary>
    Outgoing,

    /// <summary>Those it receives, as the supplement says.</summary>
    Incoming,
}

/// <summary>The sides' words in specs.</summary>
public static class SparseSides
{
    /// <summary><c>outgoing</c> or <c>incoming</c>; part of run ids.</summary>
    public static string Word(this SparseSide side) => side switch
    {
        SparseSide.Outgoing => "outgoing",
        SparseSide.Incoming => "incoming",
        _ => throw Unknown.Member(side),
    };
}

/// <summary>
/// The recurrent weights of "smart tanh": each unit has a few Gaussian connections, and the
/// matrix is scaled to a spectral radius.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: 15 connections, radius .95.
/// </summary>
/// <param name="connections">Non-zero entries a unit, 1 or more; all where H is smaller.</param>
/// <param name="radius">Spectral radius, positive.</param>
/// <param name="side">Which connections are counted.</param>
public sealed class SparseSpectral(
    int connections = 15, double radius = 0.95, SparseSide side = SparseSide.Outgoing)
    : IRecurrentInitializer
{
    /// <inheritdoc/>
    public string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"sparse-{connections}-{side.Word()}-radius-{radius}");

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    /// <remarks>Rows of the result are targets, as everywhere in initialisers.</remarks>
    /// <exception cref="InvalidOperationException">The drawn matrix has no eigenvalue but 0, so
    /// no scale gives it the radius.</exception>
    public double[,] Matrix(int hiddenSize, Philox random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(connections, 1);
        double[,] dense = RandomMatrix.Gaussian(hiddenSize, random);
        double[,] w = new double[hiddenSize, hiddenSize];
        int[] order = new int[hiddenSize];
        for (int unit = 0; unit < hiddenSize; unit++)
        {
            Choose(order, unit, random);
            foreach (int other in order.AsSpan(0, Math.Min(connections, hiddenSize)))
            {
                (int target, int source) = side switch
                {
                    SparseSide.Outgoing => (other, unit),
                    SparseSide.Incoming => (unit, other),
                    _ => throw Unknown.Member(side),
                };
                w[target, source] = dense[target, source];
            }
        }
        double drawn = Spectrum.Radius(w);
        if (!(drawn > 1e-6))
        {
            throw new InvalidOperationException(
                $"a sparse matrix of {hiddenSize} units with {connections} connections each came "
                + $"out with spectral radius {drawn}; take another seed or more connections");
        }
        return RandomMatrix.Scale(w, radius / drawn);
    }

    /// <summary>The rule whose name it is; null for any other.</summary>
    internal static SparseSpectral? Parse(string name)
    {
        foreach (SparseSide side in Enum.GetValues<SparseSide>())
        {
            string[] parts = name.Split(["sparse-", $"-{side.Word()}-radius-"], default);
            if (parts.Length == 3 && parts[0].Length == 0
                && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int connections)
                && double.TryParse(parts[2], CultureInfo.InvariantCulture, out double radius)
                && new SparseSpectral(connections, radius, side) is var rule && rule.Name == name)
            {
                return rule;
            }
        }
        return null;
    }

    private static void Choose(int[] order, int unit, Philox random)
    {
        // Far beyond the draws of the entries themselves.
        ulong at = (1UL << 40) + ((ulong)unit * (ulong)order.Length);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        for (int i = 0; i < order.Length - 1; i++)
        {
            int j = i + (int)random.Below(at + (ulong)i, (uint)(order.Length - i));
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
