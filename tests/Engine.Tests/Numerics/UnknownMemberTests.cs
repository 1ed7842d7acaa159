using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Numerics;

/// <summary>A value that is no member of its enumeration is refused by name, and never taken for
/// the last member of a switch.</summary>
public sealed unsafe class UnknownMemberTests
{
    private const UnitFunction Function = (UnitFunction)99;
    private const Fold Part = (Fold)99;

    [TestCaseSource(typeof(Widths), nameof(Widths.All))]
    public void Kernels_refuse_an_activation_they_do_not_know(InstructionSet set)
    {
        Kernels<float> kernels = Kernels<float>.For(set);
        using PackedMatrix<float> w = new(kernels, 1, 1, 1);
        using AlignedBuffer<float> rows = new(64);
        float* r = rows.Pointer;
        Refuses(() => kernels.ForwardStep(Function, 1, r, 16, w, 0, 1, null, 0, r + 16, 16));
        Refuses(() => kernels.BackwardStep(
            Function, 1, r, 16, w, 1, null, 0, r + 16, 16, r + 32, 16));
        Refuses(() => kernels.BackwardNorms(
            Function, 1, 16, r, 16, null, 0, r + 16, 16, r + 32, 16, r + 48, r + 49));
    }

    [Test]
    public void An_activation_that_is_none_has_neither_word_nor_kernels()
    {
        Refuses(() => ((Activation)99).Word());
        Refuses(() => ((Activation)99).Function());
    }

    [Test]
    public void A_width_that_does_not_exist_is_refused()
    {
        Refuses(() => InstructionSets.IsSupported((InstructionSet)99));
        Refuses(() => Kernels<float>.For((InstructionSet)99));
        Refuses(() => PeakRate.Measure((InstructionSet)99));
    }

    private static IEnumerable<TestCaseData> Tasks()
    {
        static TestCaseData Case(SequenceTask task) =>
            new TestCaseData(task).SetArgDisplayNames(task.Name);
        yield return Case(new MarkedPairTask(PairTarget.Sum, 12, 1));
        yield return Case(new PascanuPairTask(PairOperation.Addition, 12, 1));
        yield return Case(new TemporalOrderTask(12, 1));
        yield return Case(new RandomPermutationTask(12, 1));
        yield return Case(new MemorisationTask(12, 1, 2, 2, allPatterns: false));
    }

    [TestCaseSource(nameof(Tasks))]
    public void A_task_refuses_a_fold_it_does_not_know(SequenceTask task)
    {
        Batch<float> batch = new(task.Network(2, Activation.Tanh), task.Steps, 1, task.IsOneHot);
        Refuses(() => task.Count(Part));
        Refuses(() => task.Fill(Part, 0, batch, 0));
    }

    [Test]
    public void A_length_that_is_drawn_refuses_a_fold_it_does_not_know() =>
        Refuses(() => new SequenceLength(2, 4).Of(1, Part, 0));

    [Test]
    public void A_task_refuses_settings_it_does_not_know()
    {
        Refuses(() => new MarkedPairTask((PairTarget)99, 12, 1));
        Refuses(() => new MarkedPairTask(PairTarget.Sum, 12, 1, (MarkPlacement)99));
        Refuses(() => new PascanuPairTask((PairOperation)99, 12, 1));
        Refuses(() => new PascanuPairTask(PairOperation.Addition, 12, 1, (ProtocolSource)99));
        Refuses(() => new TemporalOrderTask(12, 1, (TemporalOrder)99));
        Refuses(() => new TemporalOrderTask(
            12, 1, TemporalOrder.TwoMarks, (ProtocolSource)99));
        Refuses(() => new TemporalOrderTask(
            12, 1, TemporalOrder.ThreeMarks, (ProtocolSource)99));
        Refuses(() => new RandomPermutationTask(12, 1, 8, (LossPlacement)99));
        Refuses(() => new SparseSpectral(side: (SparseSide)99).Matrix(4, new Philox(1, 1)));
    }

    [Test]
    public void The_theory_refuses_a_function_it_does_not_know()
    {
        Refuses(() => ScalarFunctions.Activate((Activation)99, 1));
        Refuses(() => ScalarFunctions.Slope((Activation)99, 1));
        Refuses(() => ScalarFunctions.LargestSlope((Activation)99));
    }

    [Test]
    public void Data_refuses_a_part_it_does_not_have()
    {
        Refuses(() => Mnist.FilesOf((MnistSplit)99));
        Refuses(() => Mnist.ContentHashOf((MnistSplit)99));
        byte[] value = [1, 0, 0, 0, 0, 0, 0, 0];
        Refuses(() => NpyArray.Convert((NpyType)99, value, new float[1]));
    }

    private static void Refuses(Action act) => Assert.That(
        act, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("there is no such")
            .And.Message.Contains("99"));
}
