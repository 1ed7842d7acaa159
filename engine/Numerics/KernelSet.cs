using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>The kernels at one vector width: products.
/// Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", for
/// packed panels and sums kept in registers; sizes of tiles and panels are the project's own.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>(InstructionSet set) : Kernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    // Of the widest vectors there are.
    private const int MostLanes = 16;

    public override InstructionSet InstructionSet => set;

    public override int Lanes => S.Lanes;

    public override int HalfLanes => S.HalfLanes;

    public override int Registers => S.Registers;

    public override void ForwardStep(
        UnitFunction function, int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride)
    {
        StepProduct(
            function, rows, k, a, aStride, w, firstK, initial, initialStride, c, cStride);
        int columns = w.Width;
        switch (function)
        {
            case UnitFunction.Relu:
                Activate<Relu>(rows, columns, c, cStride);
                break;
            case UnitFunction.Tanh:
                Activate<HyperbolicTangent>(rows, columns, c, cStride);
                break;
            case UnitFunction.Sigmoid:
                Activate<Logistic>(rows, columns, c, cStride);
                break;
            default:
                throw Unknown.Member(function);
        }
    }

    public override void BackwardStep(
        UnitFunction function, int rows, T* a, nint aStride, PackedMatrix<T> w, int k,
        T* initial, nint initialStride, T* h, nint hStride, T* c, nint cStride)
    {
        StepProduct(
            function, rows, k, a, aStride, w, 0, initial, initialStride, c, cStride);
        int columns = w.Width;
        switch (function)
        {
            case UnitFunction.Relu:
                Differentiate<Relu>(rows, columns, h, hStride, c, cStride);
                break;
            case UnitFunction.Tanh:
                Differentiate<HyperbolicTangent>(rows, columns, h, hStride, c, cStride);
                break;
            case UnitFunction.Sigmoid:
                Differentiate<Logistic>(rows, columns, h, hStride, c, cStride);
                break;
            default:
                throw Unknown.Member(function);
        }
    }

    public override void Multiply(
        int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride) =>
        Product<EveryPlace>(
            rows, k, null, a, aStride, w, firstK, initial, initialStride, c, cStride);

    /// <summary>C = initial + A·W over k terms, which begin at `a` and row `firstK` of W.
    /// </summary>
    private static void Product<P>(
        int rows, int k, int* gaps, T* a, nint aStride, PackedMatrix<T> w, int firstK,
        T* initial, nint initialStride, T* c, nint cStride)
        where P : struct, IPlaces
    {
        TileArguments<T> g = default;
        g.K = k;
        g.Gaps = gaps;
        g.ARow = aStride;
        g.AStep = 1;
        g.InitialRow = initialStride;
        g.CRow = cStride;
        int column = 0;
        T* panel = w.Pointer;
        TilePlan plan = w.Plan;
        for (int index = 0; index < plan.Count; index++)
        {
            int vectors = plan[index];
            int width = w.PanelWidth(index);
            g.BStep = width;
            g.B = panel + ((nint)firstK * width);
            int tiles = Tiles(rows, vectors);
            int at = 0;
            for (int i = 0; i < tiles; i++)
            {
                int height = (rows / tiles) + (i < rows % tiles ? 1 : 0);
                g.A = a + (at * aStride);
                g.Initial = initial == null ? null : initial + (at * initialStride) + column;
                g.C = c + (at * cStride) + column;
                Run<P>(height, vectors, &g);
                at += height;
            }
            panel += (nint)w.K * width;
            column += width;
        }
        FillPadding(rows, w, initial, initialStride, c, cStride);
    }

    private static void Run<P>(int rows, int vectors, TileArguments<T>* g)
        where P : struct, IPlaces
    {
        if (vectors == TilePlan.Half)
        {
            S.RunHalf<P>(rows, g);
        }
        else
        {
            Tiles<T, V, S, StoreEpilogue<T, V, S>, P>.Run(rows, vectors, g);
        }
    }

    /// <summary>Tiles for as many rows of a panel.</summary>
    private static int Tiles(int rows, int vectors)
    {
        // Half a vector needs as many registers as a whole one.
        int most = Tiles<T, V, S, StoreEpilogue<T, V, S>, EveryPlace>.MostRows(
            vectors == TilePlan.Half ? 1 : vectors);
        return (rows + most - 1) / most;
    }

    /// <summary>Columns behind the last panel, up to a whole cache line, which element-wise passes
    /// read too, become what a product with zeros would make them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillPadding(
        int rows, PackedMatrix<T> w, T* initial, nint initialStride, T* c, nint cStride)
    {
        T* zeros = stackalloc T[MostLanes];
        int end = Padding.Columns<T>(w.N);
        for (int j = w.Width; j < end;)
        {
            bool isHalf = end - j < S.Lanes;
            T* from = initial == null ? zeros : initial + j;
            nint stride = initial == null ? 0 : initialStride;
            T* to = c + j;
            for (int r = 0; r < rows; r++)
            {
                if (isHalf)
                {
                    S.CopyHalf(from, to);
                }
                else
                {
                    S.Store(to, S.Load(from));
                }
                from += stride;
                to += cStride;
            }
            j += isHalf ? S.HalfLanes : S.Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate<A>(int rows, int columns, T* c, nint cStride)
        where A : struct, IActivation
    {
        for (int r = 0; r < rows; r++)
        {
            T* row = c + (r * cStride);
            int j = 0;
            for (; j <= columns - S.Lanes; j += S.Lanes)
            {
                V v = A.Forward<T, V, S>(S.Load(row + j));
                S.Store(row + j, SubnormalFloor.Apply<T, V, S>(v));
            }
            if (j < columns)
            {
                S.ActivateHalf<A>(row + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate<A>(
        int rows, int columns, T* h, nint hStride, T* c, nint cStride)
        where A : struct, IActivation
    {
        for (int r = 0; r < rows; r++)
        {
            T* state = h + (r * hStride);
            T* row = c + (r * cStride);
            int j = 0;
            for (; j <= columns - S.Lanes; j += S.Lanes)
            {
                V v = A.Backward<T, V, S>(S.Load(state + j), S.Load(row + j));
                S.Store(row + j, SubnormalFloor.Apply<T, V, S>(v));
            }
            if (j < columns)
            {
                S.DifferentiateHalf<A>(state + j, row + j);
            }
        }
    }
}
