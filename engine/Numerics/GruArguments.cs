using System.Runtime.InteropServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// One step of a GRU's cell over R rows. Strides are in elements. Each of the gates r, z and the
/// candidate n has <see cref="Columns"/> columns: H rounded up to whole cache lines.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GruArguments<T>
    where T : unmanaged
{
    public int Rows;

    /// <summary>Columns of a gate: whole cache lines.</summary>
    public int Columns;

    /// <summary>Forward: the pre-activations [r z n]; backward: receives their deltas.</summary>
    public T* Sums;

    /// <summary>r, z and n, [R, 3 Columns].</summary>
    public T* Gates;

    /// <summary>Distance of two rows of sums, deltas and gates.</summary>
    public nint GateStride;

    /// <summary>h_{t−1}, [R, Columns].</summary>
    public T* Before;

    /// <summary>h_t, [R, Columns].</summary>
    public T* Hidden;

    /// <summary>Distance of two rows of h.</summary>
    public nint HiddenStride;

    /// <summary>r⊙h_{t−1} where r comes before the product, U_n·h_{t−1} + b_hn where it comes
    /// after; [R, Columns].</summary>
    public T* Inner;

    /// <summary>dE/dh_t through step t + 1; becomes the share of dE/dh_{t−1} that is known.
    /// </summary>
    public T* Error;

    /// <summary>dE/dh_t through the readout, or null.</summary>
    public T* Injected;

    /// <summary>Distance of two rows of it.</summary>
    public nint InjectedStride;

    /// <summary>dE/dInner, [R, Columns].</summary>
    public T* InnerError;

    /// <summary>Distance of two rows of Inner, Error and InnerError.</summary>
    public nint Stride;
}
