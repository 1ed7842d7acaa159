using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Tests.Training;

/// <summary>What the curves say of the updates between two of their points.</summary>
public sealed class TrainingWindowTests
{
    private static readonly UpdateReport Guarded =
        new(8, double.NaN, Clipped: false, Finite: true, Guarded: true, Regularizer: null);

    private static UpdateReport Update(
        double loss, double norm, bool clipped = false, RegularizerValue? regularizer = null) =>
        new(loss, norm, clipped, Finite: true, Guarded: false, regularizer);

    private static TrainingCurves Curves(params UpdateReport[] updates)
    {
        TrainingWindow window = new();
        foreach (UpdateReport update in updates)
        {
            window.Add(update);
        }
        TrainingCurves curves = new();
        window.AddTo(curves, hasExtremes: true, hasRegularizer: true);
        return curves;
    }

    [Test]
    public void A_guarded_update_counts_for_the_loss_and_for_no_norm()
    {
        TrainingCurves curves = Curves(Update(1, 2, clipped: true), Guarded, Update(3, 6));
        Assert.That(curves[TrainingCurves.TrainingLoss], Is.EqualTo(new[] { 4.0 }));
        Assert.That(curves[TrainingCurves.GradientNorm], Is.EqualTo(new[] { 4.0 }));
        Assert.That(curves[TrainingCurves.LargestGradientNorm], Is.EqualTo(new[] { 6.0 }));
        Assert.That(curves[TrainingCurves.Clipped], Is.EqualTo(new[] { 1 / 3.0 }));
        Assert.That(curves[TrainingCurves.Guarded], Is.EqualTo(new[] { 1 / 3.0 }));
    }

    [Test]
    public void Where_every_update_was_guarded_mean_and_largest_norm_are_no_numbers()
    {
        TrainingCurves curves = Curves(Guarded, Guarded);
        Assert.That(curves[TrainingCurves.GradientNorm], Is.EqualTo(new[] { double.NaN }));
        Assert.That(curves[TrainingCurves.LargestGradientNorm], Is.EqualTo(new[] { double.NaN }));
        Assert.That(curves[TrainingCurves.Guarded], Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void The_mean_regulariser_is_over_the_updates_in_which_a_pair_counted()
    {
        TrainingCurves curves = Curves(
            Update(1, 1, regularizer: new(0.5, 3)),
            Update(1, 1, regularizer: new(0, 0)),
            Update(1, 1, regularizer: new(double.PositiveInfinity, 3)),
            Update(1, 1, regularizer: new(0.25, 1)));
        Assert.That(curves[TrainingCurves.Regularizer], Is.EqualTo(new[] { 0.375 }));
        Assert.That(
            Curves(Update(1, 1, regularizer: new(0, 0)))[TrainingCurves.Regularizer],
            Is.EqualTo(new[] { double.NaN }), "none counted");
    }
}
