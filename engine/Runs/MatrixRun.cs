using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>
/// The spectrum of a variant's recurrent matrix before training, as an experiment: eigenvalues
/// in the complex plane and singular values.
/// Source: Talathi and Vartak 2016, Table 1.
/// </summary>
/// <param name="variant">Whose matrix.</param>
/// <param name="hiddenSize">N.</param>
/// <param name="seed">The seed of the matrix.</param>
public sealed class MatrixRun(Variant variant, int hiddenSize, ulong seed) : IRunnable
{
    // Beyond the accuracy of float32 weights, and before the last bits of an eigenvalue.
    private const int Digits = 9;

    /// <summary>Curve of the eigenvalues: real parts against imaginary parts.</summary>
    public const string Eigenvalues = "eigenvalues";

    /// <summary>Curve of the singular values by falling size.</summary>
    public const string SingularValues = "singular values";

    /// <inheritdoc/>
    public string Label => $"matrix of {variant.Name}, N = {hiddenSize}, seed {seed}";

    /// <inheritdoc/>
    public JsonObject Spec => new()
    {
        ["kind"] = "matrix",
        ["initializer"] = variant.Recurrent.Name,
        ["hidden"] = hiddenSize,
        ["seed"] = seed,
    };

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Behaviour => PartVersion.Union(
        new("initializer." + variant.Recurrent.Name, variant.Recurrent.BehaviourVersion),
        Spectrum.Part);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> DataHashes => new Dictionary<string, string>();

    /// <inheritdoc/>
    public double EstimatedCost => 25.0 * hiddenSize * hiddenSize * hiddenSize;

    /// <inheritdoc/>
    public RunResult Execute(IRunContext context)
    {
        double[,] w = variant.Recurrent.Matrix(
            hiddenSize, new Philox(seed, RandomPurpose.RecurrentWeights));
        Complex[] eigenvalues = IsSymmetric(w)
            ? [.. Spectrum.SymmetricEigenvalues(w).Select(v => new Complex(v, 0))]
            : Spectrum.Eigenvalues(w);
        double[] singular = Spectrum.SingularValues(w);
        double[] real = [.. eigenvalues.Select(z => Round(z.Real))];
        double[] imaginary = [.. eigenvalues.Select(z => Round(z.Imaginary))];
        double[] ranks = [.. Enumerable.Range(1, singular.Length).Select(i => (double)i)];
        return new RunResult(
            Outcomes.Completed,
            new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["spectral radius"] = Round(eigenvalues.Max(z => z.Magnitude)),
                ["largest real part"] = real.Max(),
                ["smallest real part"] = real.Min(),
                ["largest singular value"] = Round(singular[0]),
                ["smallest singular value"] = Round(singular[^1]),
                ["top is a complex pair"] = imaginary[0] != 0 ? 1 : 0,
            },
            new SortedDictionary<string, Curve>(StringComparer.Ordinal)
            {
                [Eigenvalues] = new(real, imaginary),
                [SingularValues] = new(ranks, [.. singular.Select(Round)]),
            },
            "", 0);
    }

    private static double Round(double v) =>
        Rounding.WithoutNegativeZero(Rounding.Places(v, Digits));

    private static bool IsSymmetric(double[,] w)
    {
        for (int i = 0; i < w.GetLength(0); i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (w[i, j] != w[j, i])
                {
                    return false;
                }
            }
        }
        return true;
    }
}
