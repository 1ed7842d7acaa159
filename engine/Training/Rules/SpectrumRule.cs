using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>The spectral radius and the largest singular value of W_hh are part of the curves; of
/// a cell with gates, which has no square W_hh, nothing is measured.</summary>
public sealed record SpectrumRule : TrainingRule
{
    internal const string Member = "spectrum";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => Spectrum.Part;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
    }

    internal static SpectrumRule FromSettings(SettingsNode node) =>
        node.Flag ? new SpectrumRule() : throw node.Expected("true, or absent");

    internal override JsonNode Describe() => true;

    internal override RuleAtWork Start(TrainingLoop trainer) => new Measure(trainer);

    private sealed class Measure(TrainingLoop trainer) : RuleAtWork
    {
        public override void AtPoint(IReadOnlyDictionary<string, double>? scores)
        {
            ParameterView view = trainer.RecurrentWeights;
            if (view.Rows != view.Columns)
            {
                return;
            }
            double[] weights = trainer.Parameters(view);
            double[,] w = new double[view.Rows, view.Columns];
            for (int i = 0; i < weights.Length; i++)
            {
                if (!double.IsFinite(weights[i]))
                {
                    Add(double.NaN, double.NaN);
                    return;
                }
                w[i / view.Columns, i % view.Columns] = weights[i];
            }
            Add(Spectrum.Radius(w), Spectrum.SingularValues(w)[0]);
        }

        private void Add(double radius, double singularValue)
        {
            trainer.Curves.Add(TrainingCurves.SpectralRadius, radius);
            trainer.Curves.Add(TrainingCurves.LargestSingularValue, singularValue);
        }
    }
}
