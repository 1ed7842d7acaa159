using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Tests.Training.Learners;

/// <summary>
/// One network of two units over three steps, its products worked out apart from the engine. The
/// worked numbers have a learned first state, which the engine has not: plain loops give them
/// all, and the engine is compared with the loops where the first state stays.
/// </summary>
public sealed class GaussNewtonExampleTests
{
    private static readonly double[] Inputs = [1, -.5, .25];

    // h_0, W_xh, W_hh by rows, b_h, W_oh, b_o.
    private static readonly double[] Parameters =
        [.1, -.2, .5, -.4, .3, -.6, .7, .2, .05, -.1, .8, -.5, .1];

    private static readonly double[] V =
        [.. Enumerable.Range(1, 13).Select(i => i / 10.0)];

    // ½(o − z)².
    private static readonly double[] Squared =
    [
        -.076536, .114799, .014929, .075336, .090332, .357628, -.352559, .010714, .394660,
        -.859884, .000803, .042233, .852029,
    ];

    private static readonly double[] Bernoulli =
    [
        -.019106, .028658, .003727, .018807, .022550, .089278, -.088013, .002675, .098523,
        -.214661, .000201, .010543, .212700,
    ];

    private static readonly double[] States =
    [
        .814215, -.859376, .845935, .332421, 1.410702, -.849896, 1.336570, .164581, 4.052219,
        3.849085, 0, 0, 0,
    ];

    [Test]
    public void Plain_loops_give_the_worked_numbers()
    {
        Assert.That(Worked.Product(V, _ => 1, 0, 0), Is.EqualTo(Squared).Within(6e-7));
        Assert.That(Worked.Product(V, Logistic, 0, 0), Is.EqualTo(Bernoulli).Within(6e-7));
        Assert.That(Worked.Product(V, _ => 0, 1, 0), Is.EqualTo(States).Within(6e-7));
        Assert.That(Dot(Worked.Product(V, _ => 0, 1, 0)), Is.EqualTo(9.055056).Within(6e-7));
        Assert.That(Dot(Worked.Product(V, _ => 0, 0, 1)), Is.EqualTo(8.134414).Within(6e-7));
        Assert.That(Dot(Worked.Product(V, _ => 1, .5, 0)), Is.EqualTo(5.253481).Within(6e-7));
    }

    [TestCase(Readout.Linear, StructuralForm.Matched, 0.0)]
    [TestCase(Readout.Bernoulli, StructuralForm.Matched, 0.0)]
    [TestCase(Readout.Linear, StructuralForm.Matched, 0.5)]
    [TestCase(Readout.Linear, StructuralForm.Quarter, 0.5)]
    [TestCase(Readout.Linear, StructuralForm.Post, 0.5)]
    public void The_engine_agrees_with_them_where_the_first_state_stays(
        Readout readout, StructuralForm form, double structural)
    {
        NetworkSpec spec = new(1, 2, 1, Activation.Tanh, readout);
        using RecurrentNetwork<double> net = new(spec);
        Ours(Parameters).CopyTo(net.Parameters);
        Batch<double> batch = new(spec, 3, 1) { InitialStates = Parameters[..2] };
        Inputs.CopyTo(batch.Inputs, 0);
        double[] v = [0, 0, .. V[2..]];
        double[] result = new double[11];
        // The engine's squared error has no ½.
        double factor = readout == Readout.Linear ? 0.5 : 1;
        using GaussNewton<double> products = new(net, factor, form);
        products.Start(batch);
        products.Keep(batch);

        products.Multiply(Ours(v), structural, result);

        double matched = form switch
        {
            StructuralForm.Matched => structural,
            StructuralForm.Quarter => structural / 4,
            _ => 0,
        };
        double[] expected = Worked.Product(
            v, readout == Readout.Linear ? _ => 1 : Logistic, matched,
            form == StructuralForm.Post ? structural : 0);
        Assert.That(result, Is.EqualTo(Ours(expected)).Within(1e-12));
    }

    private static double Logistic(double o)
    {
        double y = 1 / (1 + Math.Exp(-o));
        return y * (1 - y);
    }

    private static double Dot(double[] product) => product.Zip(V, (g, v) => g * v).Sum();

    /// <summary>W_hh with rows as sources, b, W_xh, W_oh, b_o; the first state left out.</summary>
    private static double[] Ours(double[] p) =>
        [p[4], p[6], p[5], p[7], p[8], p[9], p[2], p[3], p[10], p[11], p[12]];

    private static class Worked
    {
        /// <summary>Jᵀ·(H·J·v) with a share of the states' curvature past the derivative of tanh
        /// and one before it.</summary>
        public static double[] Product(
            double[] v, Func<double, double> curvature, double matched, double post)
        {
            double[] p = Parameters;
            double[][] h = [[p[0], p[1]], new double[2], new double[2], new double[2]];
            double[][] r = [[v[0], v[1]], new double[2], new double[2], new double[2]];
            for (int t = 1; t <= 3; t++)
            {
                for (int i = 0; i < 2; i++)
                {
                    double s = (p[2 + i] * Inputs[t - 1]) + p[8 + i];
                    double rs = (v[2 + i] * Inputs[t - 1]) + v[8 + i];
                    for (int j = 0; j < 2; j++)
                    {
                        int at = 4 + (2 * i) + j;
                        s += p[at] * h[t - 1][j];
                        rs += (v[at] * h[t - 1][j]) + (p[at] * r[t - 1][j]);
                    }
                    h[t][i] = Math.Tanh(s);
                    r[t][i] = (1 - (h[t][i] * h[t][i])) * rs;
                }
            }
            double o = p[12];
            double ro = v[12];
            for (int i = 0; i < 2; i++)
            {
                o += p[10 + i] * h[3][i];
                ro += (v[10 + i] * h[3][i]) + (p[10 + i] * r[3][i]);
            }
            double error = curvature(o) * ro;
            double[] g = new double[13];
            g[12] = error;
            double[] dh = new double[2];
            for (int i = 0; i < 2; i++)
            {
                g[10 + i] = error * h[3][i];
                dh[i] = error * p[10 + i];
            }
            for (int t = 3; t >= 1; t--)
            {
                double[] before = new double[2];
                for (int i = 0; i < 2; i++)
                {
                    double slope = 1 - (h[t][i] * h[t][i]);
                    double delta = (slope * (dh[i] + (post * r[t][i]))) + (matched * r[t][i]);
                    g[2 + i] += delta * Inputs[t - 1];
                    g[8 + i] += delta;
                    for (int j = 0; j < 2; j++)
                    {
                        g[4 + (2 * i) + j] += delta * h[t - 1][j];
                        before[j] += delta * p[4 + (2 * i) + j];
                    }
                }
                dh = before;
            }
            (g[0], g[1]) = (dh[0], dh[1]);
            return g;
        }
    }
}
