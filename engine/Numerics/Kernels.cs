using System.Numerics;

namespace Repro.Engine.Numerics;

/// <summary>
/// The arithmetic of training, behind one virtual call a sweep step, so that the vector width is
/// chosen at run time. Matrices are row-major; `stride` is the distance of two rows in elements.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract unsafe class Kernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public abstract InstructionSet InstructionSet { get; }

    public abstract int Lanes { get; }

    /// <summary>Elements of half a vector, or 0 where no tile is that narrow.</summary>
    public abstract int HalfLanes { get; }

    public abstract int Registers { get; }

    /// <summary>The kernels of one width, for float or double.</summary>
    /// <exception cref="NotSupportedException">This process cannot run that width.</exception>
    public static Kernels<T> For(InstructionSet set)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"kernels exist for float and double, not {typeof(T)}");
        }
        if (!InstructionSets.IsSupported(set))
        {
            throw new NotSupportedException(
                $"this process cannot run {set} kernels; the best here is {InstructionSets.Best}");
        }
        return set switch
        {
            InstructionSet.Avx512 => new KernelSet<
                T, System.Runtime.Intrinsics.Vector512<T>, Simd512<T>>(set),
            InstructionSet.Avx2 => new KernelSet<
                T, System.Runtime.Intrinsics.Vector256<T>, Simd256<T>>(set),
            InstructionSet.Vector128 => new KernelSet<
                T, System.Runtime.Intrinsics.Vector128<T>, Simd128<T>>(set),
            InstructionSet.Scalar => new KernelSet<T, T, SimdScalar<T>>(set),
            _ => throw Unknown.Member(set),
        };
    }

    /// <summary>
    /// C = f(initial + A·W), floored: one step of the forward sweep. `initial` may be null.
    /// </summary>
    public abstract void ForwardStep(
        UnitFunction function, int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride);

    /// <summary>
    /// C = (initial + A·W) ⊙ f′(H), floored: one step of the backward sweep. With k = 0 only
    /// `initial` remains.
    /// </summary>
    public abstract void BackwardStep(
        UnitFunction function, int rows, T* a, nint aStride, PackedMatrix<T> w, int k,
        T* initial, nint initialStride, T* h, nint hStride, T* c, nint cStride);

    /// <summary>
    /// The rest of a backward step whose product V is known: G = initial + V, C = G ⊙ f′(H),
    /// floored; ‖v‖² of each row of V and of G. `initial` may be null. Rows are padded with
    /// zeros to whole cache lines.
    /// </summary>
    public abstract void BackwardNorms(
        UnitFunction function, int rows, int columns, T* v, nint vStride,
        T* initial, nint initialStride, T* h, nint hStride, T* c, nint cStride,
        T* vSquares, T* gSquares);

    /// <summary>Each row of V times its factor; a row whose factor is 0 becomes zero.</summary>
    public abstract void ScaleRows(int rows, int columns, T* v, nint vStride, T* factors);

    /// <summary>C = initial + A·W. `initial` may be null.</summary>
    public abstract void Multiply(
        int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride);

    /// <summary>
    /// C = initial + A·W as <see cref="Multiply"/>, with the same bits, for a deep W: some rows
    /// of W at a time, so that their panels stay in the first-level cache while all rows of A
    /// use them. Meanwhile `aheadLength` elements from `ahead` on, which are needed next, are
    /// fetched from memory.
    /// </summary>
    public abstract void MultiplyDeep(
        int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride, T* ahead, long aheadLength);

    /// <summary>One step of an LSTM's cell, floored: gates, c_t and h_t from the sums.</summary>
    public abstract void LstmForward(int rows, int hidden, in LstmForwardArguments<T> a);

    /// <summary>One step of an LSTM's cell backward, floored: the deltas of the gates.</summary>
    public abstract void LstmBackward(int rows, int hidden, in LstmBackwardArguments<T> a);

    /// <summary>r and z of a GRU's step from their sums; where r comes before the product also
    /// Inner = r⊙h_{t−1}, floored.</summary>
    public abstract void GruGates(in GruArguments<T> a, bool resetBefore);

    /// <summary>n = tanh(s_n), or tanh(s_n + r⊙Inner) where r comes after the product, and
    /// h_t = z⊙h_{t−1} + (1 − z)⊙n, floored.</summary>
    public abstract void GruState(in GruArguments<T> a, bool resetBefore);

    /// <summary>The deltas of z and n and z⊙dE/dh_t, floored; where r comes after the product
    /// also r's deltas and dE/dInner.</summary>
    public abstract void GruBackward(in GruArguments<T> a, bool resetBefore);

    /// <summary>Where r comes before the product, from dE/dInner: r's deltas, and its share of
    /// dE/dh_{t−1}, floored.</summary>
    public abstract void GruReset(in GruArguments<T> a);

    /// <summary>
    /// C += Aᵀ·B over `rows` rows: the weight gradient. A is [rows, m], B [rows, columns], both
    /// unpacked; C [m, columns]. Sums start from zero, then join C. Less than a vector behind the
    /// last of A may be read, and is not used: <see cref="AlignedBuffer{T}"/> has room for that.
    /// </summary>
    public abstract void AddOuterProducts(
        int rows, int m, int columns, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride);

    /// <summary>C = Aᵀ·B: the sums that <see cref="AddOuterProducts"/> adds. Columns behind the
    /// last, up to a whole vector, may be written too.</summary>
    public abstract void SetOuterProducts(
        int rows, int m, int columns, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride);

    /// <summary>c = a ⊙ b, over whole vectors: `columns` is a multiple of a cache line.
    /// </summary>
    public abstract void MultiplyElements(int columns, T* a, T* b, T* c);

    /// <summary>Each row of A times the row of factors, floored. A and C may be the same.
    /// </summary>
    public abstract void ScaleColumns(
        int rows, int columns, T* a, nint aStride, T* factors, T* c, nint cStride);

    /// <summary>Each element of V cut to ±limit, in place; a NaN stays.</summary>
    /// <returns>Whether any was beyond it.</returns>
    public abstract bool Clamp(int rows, int columns, T* v, nint vStride, double limit);

    /// <summary>
    /// Leaky units: H = rate ⊙ A + keep ⊙ B, floored; B holds the states of the step before.
    /// </summary>
    public abstract void Leak(
        int rows, int columns, T* rate, T* keep, T* a, nint aStride, T* b, nint bStride, T* h,
        nint hStride);

    /// <summary>to += from, over whole vectors: `columns` is a multiple of a cache line.
    /// </summary>
    public abstract void Add(int columns, T* to, T* from);

    /// <summary>Row r of `to` becomes row indices[r] of a table, over whole vectors: `columns`
    /// is a multiple of a cache line.</summary>
    public abstract void GatherRows(
        int rows, int columns, int* indices, T* table, T* to, nint stride);

    /// <summary>Row r of `from` is added to row indices[r] of a table, one row after another,
    /// over whole vectors: `columns` is a multiple of a cache line.</summary>
    public abstract void ScatterRows(
        int rows, int columns, int* indices, T* from, T* table, nint stride);

    /// <summary>to += from, and from becomes zero, over whole vectors.</summary>
    public abstract void Move(int columns, T* from, T* to);

    /// <summary>
    /// Squared error: the outputs become scale·2(o − z); returns the sum of (o − z)² over all
    /// rows and columns. Outputs [rows, columns], targets [rows, columns] without padding.
    /// </summary>
    public abstract double SquaredError(
        int rows, int columns, T* outputs, nint stride, T* targets, double scale);

    /// <summary>
    /// Cross-entropy in nats: the outputs become scale·(softmax(o) − onehot); returns the sum of
    /// −log p(class) over rows.
    /// </summary>
    public abstract double Softmax(
        int rows, int columns, T* outputs, nint stride, int* classes, double scale);

    /// <summary>
    /// Binary cross-entropy in nats: the outputs become scale·(σ(o) − z); returns the sum over
    /// rows and columns. `losses` is room for a row, padded to whole cache lines.
    /// </summary>
    public abstract double Bernoulli(
        int rows, int columns, T* outputs, nint stride, T* targets, double scale, T* losses);

    /// <summary>Σ v², over 64 interleaved partial sums whatever the width.</summary>
    public abstract double SumOfSquares(T* v, long length);

    /// <summary>y ← y + a·x, one rounding an element.</summary>
    public abstract void Axpy(double a, T* x, T* y, long length);

    /// <summary>
    /// v ← decay·v + (1 − decay)·(s·g)²; p ← p − rate·s·g/(√v + ε), with s the clip factor.
    /// </summary>
    public abstract void RmsProp(
        T* p, T* g, T* v, long length, double rate, double clip, double decay, double epsilon);

    /// <summary>
    /// v ← share·v + s·g, floored; p ← p − rate·v, or p ← p − rate·(s·g + share·v) with the new
    /// v for Nesterov's form, with s the clip factor.
    /// </summary>
    public abstract void Momentum(
        T* p, T* g, T* v, long length, double rate, double clip, double share, bool nesterov);

    /// <summary>
    /// m ← β₁·m + (1 − β₁)·s·g and v ← β₂·v + (1 − β₂)·(s·g)², both floored;
    /// p ← p − rate·m/(root·√v + ε), with s the clip factor. Rate and root hold the corrections
    /// for the first updates.
    /// </summary>
    public abstract void Adam(
        T* p, T* g, T* m, T* v, long length, double rate, double clip, double beta1,
        double beta2, double root, double epsilon);
}
