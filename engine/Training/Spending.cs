namespace Repro.Engine.Training;

/// <summary>What a run has spent on its updates so far.</summary>
/// <param name="Sequences">Sequences swept for gradients and products.</param>
/// <param name="Operations">Floating-point operations of all sweeps; see
/// <see cref="Networks.SweepCost"/>.</param>
internal readonly record struct Spending(long Sequences, double Operations);
