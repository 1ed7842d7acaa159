using System.Runtime.InteropServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// One step of an LSTM's cell, forward, over R rows. Strides are in elements; gates lie as
/// <see cref="GateColumns{T}"/> says.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LstmForwardArguments<T>
    where T : unmanaged
{
    /// <summary>s_t, [R, 4H].</summary>
    public T* Sums;

    /// <summary>Receives the gates, [R, 4H]; may be the sums.</summary>
    public T* Gates;

    /// <summary>Distance of two rows of sums and of gates.</summary>
    public nint GateStride;

    /// <summary>c_{t−1}, [R, H].</summary>
    public T* Before;

    /// <summary>Receives c_t, [R, H].</summary>
    public T* After;

    /// <summary>Receives tanh(c_t), [R, H].</summary>
    public T* Squashed;

    /// <summary>Distance of two rows of c and of tanh(c): whole cache lines.</summary>
    public nint CellStride;

    /// <summary>Receives h_t, [R, H].</summary>
    public T* Hidden;
    public nint HiddenStride;
}

/// <summary>One step of an LSTM's cell, backward, over R rows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LstmBackwardArguments<T>
    where T : unmanaged
{
    /// <summary>The gates of step t, [R, 4H].</summary>
    public T* Gates;

    /// <summary>Receives dE/ds_t, [R, 4H].</summary>
    public T* Deltas;

    /// <summary>Distance of two rows of gates and of deltas.</summary>
    public nint GateStride;

    /// <summary>c_{t−1}, [R, H].</summary>
    public T* Before;

    /// <summary>c_t, [R, H].</summary>
    public T* After;

    /// <summary>Room for tanh(c_t), [R, H].</summary>
    public T* Squashed;

    /// <summary>Distance of two rows of c and of tanh(c): whole cache lines.</summary>
    public nint CellStride;

    /// <summary>dE/dh_t, [R, H].</summary>
    public T* HiddenError;

    /// <summary>dE/dc_t through step t + 1, [R, H]; becomes that of c_{t−1} through step t.
    /// </summary>
    public T* CellError;
    public nint ErrorStride;
}
