using System.Runtime.InteropServices;
using Repro.Engine.Numerics;

namespace Repro.Torture.Functions;

/// <summary>
/// True values from GNU MPFR, with <see cref="Bits"/> bits: the library rounds each function
/// correctly. Source: Fousse, Hanrot, Lefèvre, Pélissier, Zimmermann 2007.
/// </summary>
internal sealed unsafe class Mpfr : IDisposable
{
    /// <summary>Precision of every number here.</summary>
    public const int Bits = 200;

    private const string Library = "libmpfr.so.6";
    private const int Nearest = 0;
    private readonly void* x = New();
    private readonly void* y = New();

    /// <summary>Whether the library is installed.</summary>
    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>|value − f(x)| in units of the last place of the float nearest to f(x).</summary>
    public double Ulps(FloatFunction function, float argument, float value)
    {
        Set(x, argument, Nearest);
        switch (function)
        {
            case FloatFunction.Exp:
                Exp(y, x, Nearest);
                break;
            case FloatFunction.Tanh:
                Tanh(y, x, Nearest);
                break;
            case FloatFunction.Logistic:
                Negate(y, x, Nearest);
                Exp(y, y, Nearest);
                AddInteger(y, y, 1, Nearest);
                IntegerDivide(y, 1, y, Nearest);
                break;
            case FloatFunction.Log1p:
                Log1p(y, x, Nearest);
                break;
            default:
                throw Unknown.Member(function);
        }
        double unit = Estimate.Unit(Get(y, Nearest));
        DoubleSubtract(y, value, y, Nearest);
        return Math.Abs(Get(y, Nearest)) / unit;
    }

    /// <summary>log x as a double and what it lacks.</summary>
    public (double High, double Low) LogOf(double argument)
    {
        Set(x, argument, Nearest);
        Log(y, x, Nearest);
        double high = Get(y, Nearest);
        DoubleSubtract(x, high, y, Nearest);
        return (high, -Get(x, Nearest));
    }

    public void Dispose()
    {
        Clear(x);
        Clear(y);
        NativeMemory.Free(x);
        NativeMemory.Free(y);
    }

    // mpfr_t: precision, sign, exponent, pointer to limbs; 32 bytes on 64-bit systems.
    private static void* New()
    {
        void* made = NativeMemory.AllocZeroed(32);
        Initialize(made, Bits);
        return made;
    }

    [DllImport(Library, EntryPoint = "mpfr_init2")]
    private static extern void Initialize(void* x, nint bits);

    [DllImport(Library, EntryPoint = "mpfr_clear")]
    private static extern void Clear(void* x);

    [DllImport(Library, EntryPoint = "mpfr_set_d")]
    private static extern int Set(void* to, double value, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_get_d")]
    private static extern double Get(void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_exp")]
    private static extern int Exp(void* to, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_tanh")]
    private static extern int Tanh(void* to, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_log")]
    private static extern int Log(void* to, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_log1p")]
    private static extern int Log1p(void* to, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_neg")]
    private static extern int Negate(void* to, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_add_ui")]
    private static extern int AddInteger(void* to, void* x, nuint n, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_ui_div")]
    private static extern int IntegerDivide(void* to, nuint n, void* x, int rounding);

    [DllImport(Library, EntryPoint = "mpfr_d_sub")]
    private static extern int DoubleSubtract(void* to, double value, void* x, int rounding);
}
