using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks;

/// <summary>A GRU as plain loops.</summary>
internal sealed class OracleGru(NetworkSpec spec, GruReset reset, double[] parameters)
    : Oracle<OracleGru.State>(spec, GruLayout.Of(spec, reset), parameters)
{
    private readonly bool before = reset == GruReset.Before;

    protected override State Start()
    {
        double[] zeros = new double[Hidden];
        return new State(zeros, zeros, zeros, zeros, zeros);
    }

    protected override double[] StateOf(State state) => state.H;

    protected override State Step(State last, double[] x)
    {
        double[] r = new double[Hidden];
        double[] z = new double[Hidden];
        double[] n = new double[Hidden];
        double[] inner = new double[Hidden];
        double[] h = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            r[j] = Logistic(Fed(x, j) + Product(last.H, j));
            z[j] = Logistic(Fed(x, Hidden + j) + Product(last.H, Hidden + j));
        }
        double[] met = before ? [.. last.H.Select((v, i) => r[i] * v)] : last.H;
        for (int j = 0; j < Hidden; j++)
        {
            inner[j] = Product(met, (2 * Hidden) + j);
            inner[j] += before ? 0 : Parameters[Layout.Bias.Offset + (3 * Hidden) + j];
            double s = Fed(x, (2 * Hidden) + j) + (before ? inner[j] : r[j] * inner[j]);
            n[j] = Math.Tanh(s);
            h[j] = (z[j] * last.H[j]) + ((1 - z[j]) * n[j]);
        }
        return new State(r, z, n, inner, h);
    }

    protected override double[] Back(
        State last, State now, double[] x, double[] dh, double[] gradient)
    {
        double[] previous = new double[Hidden];
        double[] dr = new double[Hidden];
        double[] met = before ? [.. last.H.Select((v, i) => now.R[i] * v)] : last.H;
        double[] dMet = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            previous[j] += dh[j] * now.Z[j];
            double dz = dh[j] * (last.H[j] - now.N[j]);
            AddGate(Hidden + j, dz * now.Z[j] * (1 - now.Z[j]));
            double ds = dh[j] * (1 - now.Z[j]) * (1 - (now.N[j] * now.N[j]));
            AddFed(x, (2 * Hidden) + j, ds, gradient);
            double dInner = before ? ds : ds * now.R[j];
            AddProduct(met, (2 * Hidden) + j, dInner, dMet, gradient);
            if (!before)
            {
                gradient[Layout.Bias.Offset + (3 * Hidden) + j] += dInner;
                dr[j] = ds * now.Inner[j];
            }
        }
        for (int i = 0; i < Hidden; i++)
        {
            previous[i] += before ? dMet[i] * now.R[i] : dMet[i];
            dr[i] += before ? dMet[i] * last.H[i] : 0;
        }
        for (int j = 0; j < Hidden; j++)
        {
            AddGate(j, dr[j] * now.R[j] * (1 - now.R[j]));
        }
        return previous;

        void AddGate(int column, double delta)
        {
            AddFed(x, column, delta, gradient);
            AddProduct(last.H, column, delta, previous, gradient);
        }
    }

    private int At(ParameterView view, int row, int column) =>
        view.Offset + (row * 3 * Hidden) + column;

    private double Fed(double[] x, int column) =>
        Parameters[Layout.Bias.Offset + column]
        + x.Select((v, i) => v * Parameters[At(Layout.InputWeights, i, column)]).Sum();

    private double Product(double[] h, int column) =>
        h.Select((v, i) => v * Parameters[At(Layout.RecurrentWeights, i, column)]).Sum();

    private void AddFed(double[] x, int column, double delta, double[] gradient)
    {
        gradient[Layout.Bias.Offset + column] += delta;
        for (int i = 0; i < x.Length; i++)
        {
            gradient[At(Layout.InputWeights, i, column)] += delta * x[i];
        }
    }

    private void AddProduct(
        double[] h, int column, double delta, double[] previous, double[] gradient)
    {
        for (int i = 0; i < h.Length; i++)
        {
            int at = At(Layout.RecurrentWeights, i, column);
            gradient[at] += delta * h[i];
            previous[i] += delta * Parameters[at];
        }
    }

    internal sealed record State(double[] R, double[] Z, double[] N, double[] Inner, double[] H);
}
