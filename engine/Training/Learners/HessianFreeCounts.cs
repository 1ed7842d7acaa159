using Repro.Engine.Networks;

namespace Repro.Engine.Training.Learners;

/// <summary>
/// What Hessian-free updates have spent: sequences swept for gradients and for products of G,
/// sequences swept forward only to compare losses, products, and floating-point operations of
/// all of them. An optimiser that makes one gradient an update spends updates × batch sequences.
/// </summary>
internal sealed class HessianFreeCounts(SweptNetwork<float> network, bool isOneHot)
{
    private long gradients;
    private long curvature;
    private long trials;
    private long products;
    private double operations;

    /// <summary>Sequences without those that only compare losses; operations with them.
    /// </summary>
    public Spending Spent => new(gradients + curvature, operations);

    public Batch<float> AddGradient(Batch<float> batch)
    {
        gradients += batch.Size;
        operations += batch.Size * Of(batch).Gradient;
        return batch;
    }

    public void AddProducts(IEnumerable<Batch<float>> batches)
    {
        products++;
        foreach (Batch<float> batch in batches)
        {
            curvature += batch.Size;
            operations += batch.Size * Of(batch).Product;
        }
    }

    public void AddTrial(Batch<float> batch)
    {
        trials += batch.Size;
        operations += batch.Size * Of(batch).Forward;
    }

    public void AddTo(TrainingCurves curves)
    {
        curves.Add(TrainingCurves.Sequences, gradients + curvature);
        curves.Add(TrainingCurves.TrialSequences, trials);
        curves.Add(TrainingCurves.Products, products);
        curves.Add(TrainingCurves.Operations, operations);
    }

    public void AddScores(Action<string, double> add)
    {
        add(TrainingCurves.Sequences, gradients + curvature);
        add(TrainingCurves.TrialSequences, trials);
        add(TrainingCurves.Products, products);
        add(TrainingCurves.Operations, operations);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(gradients);
        writer.Write(curvature);
        writer.Write(trials);
        writer.Write(products);
        writer.Write(operations);
    }

    public void Read(BinaryReader reader)
    {
        gradients = reader.ReadInt64();
        curvature = reader.ReadInt64();
        trials = reader.ReadInt64();
        products = reader.ReadInt64();
        operations = reader.ReadDouble();
    }

    private SweepCost Of(Batch<float> batch) => network.CostOf(batch.Steps, isOneHot);
}
