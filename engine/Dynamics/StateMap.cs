namespace Repro.Engine.Dynamics;

/// <summary>One step of an input-driven orbit, taken in its two parts.</summary>
/// <param name="Before">x_t, [N].</param>
/// <param name="Mapped">F̃(x_t), [N].</param>
/// <param name="After">x_{t+1} = U_t(F̃(x_t)), [N].</param>
public sealed record StateStep(double[] Before, double[] Mapped, double[] After);

/// <summary>
/// The state map of a recurrent network, x_{t+1} = W·σ(x_t) + b + W_in·u_t, as the constant map
/// F̃(x) = W·σ(x) + b followed by the input's map U_t(x) = x + W_in·u_t.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (2), Fig. 4 and 5.
/// </summary>
public sealed class StateMap
{
    private readonly double[,] recurrent;
    private readonly double[] bias;
    private readonly double[,] input;

    /// <summary>A map of N units and I inputs. Matrices are the paper's: rows are targets.
    /// </summary>
    /// <param name="recurrent">W, [N, N].</param>
    /// <param name="bias">b, [N].</param>
    /// <param name="input">W_in, [N, I].</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public StateMap(double[,] recurrent, double[] bias, double[,] input)
    {
        int n = bias.Length;
        if (recurrent.GetLength(0) != n || recurrent.GetLength(1) != n || input.GetLength(0) != n)
        {
            throw new ArgumentException(
                $"W is {recurrent.GetLength(0)}×{recurrent.GetLength(1)}, b has {n} elements and "
                + $"W_in {input.GetLength(0)} rows; N×N, N and N are needed");
        }
        (this.recurrent, this.bias, this.input) = (recurrent, bias, input);
    }

    /// <summary>N.</summary>
    public int Size => bias.Length;

    /// <summary>F̃(x) = W·σ(x) + b.</summary>
    /// <param name="state">x, [N].</param>
    public double[] Constant(double[] state)
    {
        double[] h = [.. state.Select(ScalarFunctions.Sigmoid)];
        double[] next = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            next[i] = bias[i] + Product(recurrent, i, h);
        }
        return next;
    }

    /// <summary>U(x) = x + W_in·u.</summary>
    /// <param name="state">x, [N].</param>
    /// <param name="u">u, [I].</param>
    public double[] Input(double[] state, double[] u)
    {
        double[] next = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            next[i] = state[i] + Product(input, i, u);
        }
        return next;
    }

    /// <summary>The steps of an orbit, one an input.</summary>
    /// <param name="start">x_0, [N].</param>
    /// <param name="inputs">u_0 …, each [I].</param>
    public IReadOnlyList<StateStep> Orbit(double[] start, IReadOnlyList<double[]> inputs)
    {
        List<StateStep> steps = new(inputs.Count);
        double[] state = start;
        foreach (double[] u in inputs)
        {
            double[] mapped = Constant(state);
            double[] after = Input(mapped, u);
            steps.Add(new StateStep(state, mapped, after));
            state = after;
        }
        return steps;
    }

    private static double Product(double[,] matrix, int row, double[] v)
    {
        if (v.Length != matrix.GetLength(1))
        {
            throw new ArgumentException(
                $"a vector of {v.Length} elements meets a matrix of {matrix.GetLength(1)} columns");
        }
        double sum = 0;
        for (int j = 0; j < v.Length; j++)
        {
            sum = Math.FusedMultiplyAdd(matrix[row, j], v[j], sum);
        }
        return sum;
    }
}
