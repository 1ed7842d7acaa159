using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Outputs, loss and gradient against PyTorch's autograd in float64.</summary>
public class PyTorchTests
{
    // PyTorch has no clockwork network.
    private static readonly CellKind[] Cells =
    [
        CellKind.Simple, CellKind.Lstm, CellKind.GruBefore, CellKind.GruAfter,
    ];

    [Test]
    public void The_fixtures_cover_every_cell_activation_readout_and_placement()
    {
        Assert.That(
            NetworkFixture.All().Select(f => f.Cell), Is.SupersetOf(Cells));
        NetworkSpec[] specs = [.. NetworkFixture.All().Select(f => f.Spec)];
        Assert.That(specs.Select(s => s.Activation), Is.SupersetOf(Enum.GetValues<Activation>()));
        Assert.That(specs.Select(s => s.Readout), Is.SupersetOf(Enum.GetValues<Readout>()));
        Assert.That(specs.Select(s => s.LossAt), Is.SupersetOf(Enum.GetValues<LossPlacement>()));
    }

    [Test]
    public void Double_precision_agrees_to_rounding([ValueSource(nameof(Cells))] CellKind cell) =>
        Compare<double>(cell, cell == CellKind.Simple ? (1e-12, 1e-12) : (1e-13, 1e-13));

    [Test]
    public void Single_precision_agrees_with_PyTorch_in_double(
        [ValueSource(nameof(Cells))] CellKind cell) =>
        Compare<float>(cell, cell == CellKind.Simple ? (1e-6, 3e-6) : (1e-6, 1e-6));

    private static void Compare<T>(CellKind cell, (double Output, double Gradient) tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (NetworkFixture fixture in NetworkFixture.All().Where(f => f.Cell == cell))
        {
            using SweptNetwork<T> network = fixture.Network<T>();
            Batch<T> batch = fixture.Batch<T>();
            T[] outputs = new T[fixture.Outputs.Length];
            double evaluated = network.Evaluate(batch, outputs);
            double loss = network.Gradient(batch);
            (double worst, string block) = Distance.OfBlocks<T>(
                network.Layout, network.Gradients, fixture.Gradient);
            double output = Distance.Relative<T>(outputs, fixture.Outputs);
            TestContext.Out.WriteLine(
                $"{fixture.Name} {typeof(T).Name}: outputs {output:E1}, loss "
                + $"{Math.Abs((loss / fixture.Loss) - 1):E1}, gradient {worst:E1} ({block})");
            Assert.That(output, Is.LessThanOrEqualTo(tolerance.Output), fixture.Name);
            Assert.That(loss / fixture.Loss, Is.EqualTo(1).Within(tolerance.Output), fixture.Name);
            Assert.That(evaluated, Is.EqualTo(loss), fixture.Name);
            Assert.That(
                worst, Is.LessThanOrEqualTo(tolerance.Gradient), $"{fixture.Name}, {block}");
        }
    }
}
