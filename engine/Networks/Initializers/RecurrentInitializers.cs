using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>Every rule for the recurrent weights by its name in settings.</summary>
public static class RecurrentInitializers
{
    private static readonly IRecurrentInitializer[] Fixed =
    [
        new ScaledGaussian(), new RandomOrthogonal(), new ScaledIdentity("iRNN", 0.01),
        new ScaledIdentity("IRNN", 1), new NormalizedGaussian(), new NormalizedPositiveDefinite(),
    ];

    /// <summary>The rule that settings name; a name may carry the rule's constants.</summary>
    /// <param name="initializer">The member <c>initializer</c> of a run's settings.</param>
    /// <exception cref="SettingsException">There is no such rule.</exception>
    public static IRecurrentInitializer Read(SettingsNode initializer)
    {
        SettingsNode node = initializer["recurrent"];
        string name = node.Text;
        return Fixed.FirstOrDefault(rule => rule.Name == name)
            ?? (IRecurrentInitializer?)IndependentGaussian.Parse(name)
            ?? (IRecurrentInitializer?)ScaledOrthogonal.Parse(name)
            ?? SparseSpectral.Parse(name)
            ?? throw node.Expected(NearestWord.OneOf(
                name,
                [
                    .. Fixed.Select(rule => rule.Name), new IndependentGaussian(0.1).Name,
                    new ScaledOrthogonal(1.1).Name, new SparseSpectral().Name,
                ]));
    }
}
