using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>Random orders: Fisher and Yates on counter-based numbers.</summary>
public static class Shuffle
{
    /// <summary>0, 1, …, n − 1.</summary>
    public static int[] Identity(int n)
    {
        int[] order = new int[n];
        SetIdentity(order);
        return order;
    }

    /// <summary>Sets an array to 0, 1, …, n − 1.</summary>
    public static void SetIdentity(int[] order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
    }

    /// <summary>Permutes an array uniformly.</summary>
    public static void InPlace(int[] order, Philox random)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)random.Below((ulong)i, (uint)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
