using System.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// Weights that a cell multiplies itself, because what they meet is not h_{t−1} or their product
/// does not simply join the pre-activations. They are packed, cleared and unpacked with the
/// others, once for the parameters and once for the direction of a tangent.
/// </summary>
internal abstract unsafe class OwnWeights<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Packs them.</summary>
    /// <param name="parameters">All parameters, or a direction.</param>
    /// <param name="layout">Where they lie.</param>
    /// <param name="recurrent">W_hh in the sweeps' order, [H, Columns].</param>
    /// <param name="stride">Distance of two rows of it.</param>
    /// <param name="backward">Whether a backward sweep follows.</param>
    public abstract void Pack(
        T* parameters, ParameterLayout layout, T* recurrent, nint stride, bool backward);

    /// <summary>Clears the sums of their gradient.</summary>
    public abstract void ClearGradient();

    /// <summary>Writes the sums into the gradient, after the other weights have written theirs.
    /// </summary>
    public abstract void UnpackGradient(T* to, ParameterLayout layout);

    public abstract void Dispose();
}
