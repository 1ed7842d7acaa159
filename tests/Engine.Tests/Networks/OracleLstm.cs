using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks;

/// <summary>An LSTM as plain loops.</summary>
internal sealed class OracleLstm(NetworkSpec spec, double[] parameters)
    : Oracle<OracleLstm.State>(spec, LstmLayout.Of(spec), parameters)
{
    private double[] dc = [];

    protected override State Start()
    {
        double[] zeros = new double[Hidden];
        return new State(zeros, zeros, zeros, zeros, zeros, zeros);
    }

    protected override double[] StateOf(State state) => state.H;

    protected override State Step(State before, double[] x)
    {
        double[] s = Sums(before.H, x);
        double[] i = [.. s[..Hidden].Select(Logistic)];
        double[] f = [.. s[Hidden..(2 * Hidden)].Select(Logistic)];
        double[] g = [.. s[(2 * Hidden)..(3 * Hidden)].Select(Math.Tanh)];
        double[] o = [.. s[(3 * Hidden)..].Select(Logistic)];
        double[] c = [.. before.C.Select((v, j) => (f[j] * v) + (i[j] * g[j]))];
        double[] h = [.. c.Select((v, j) => o[j] * Math.Tanh(v))];
        return new State(i, f, g, o, c, h);
    }

    protected override void StartBack() => dc = new double[Hidden];

    protected override double[] Back(
        State before, State now, double[] x, double[] dh, double[] gradient)
    {
        double[] ds = new double[4 * Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            (double i, double f, double g, double o) = (now.I[j], now.F[j], now.G[j], now.O[j]);
            double squashed = Math.Tanh(now.C[j]);
            dc[j] += dh[j] * o * (1 - (squashed * squashed));
            ds[j] = dc[j] * g * i * (1 - i);
            ds[Hidden + j] = dc[j] * before.C[j] * f * (1 - f);
            ds[(2 * Hidden) + j] = dc[j] * i * (1 - (g * g));
            ds[(3 * Hidden) + j] = dh[j] * squashed * o * (1 - o);
            dc[j] *= f;
        }
        return AddDeltas(ds, before.H, x, gradient);
    }

    internal sealed record State(
        double[] I, double[] F, double[] G, double[] O, double[] C, double[] H);
}
