using NUnit.Framework;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class ShuffleTests
{
    [Test]
    public void Every_order_of_three_comes_equally_often()
    {
        const int n = 12_000;
        Dictionary<string, int> orders = [];
        for (uint step = 0; step < n; step++)
        {
            int[] order = Shuffle.Identity(3);
            Shuffle.InPlace(order, new Philox(3, RandomPurpose.Shuffle, step));
            string key = string.Join(',', order);
            orders[key] = orders.GetValueOrDefault(key) + 1;
        }
        double sigma = Math.Sqrt(n * (1 / 6.0) * (5 / 6.0));
        Assert.That(orders, Has.Count.EqualTo(6));
        Assert.That(
            orders.Values.Select(v => (double)v), Is.All.EqualTo(n / 6.0).Within(4 * sigma));
    }

    [Test]
    public void An_order_holds_every_element_once_and_depends_on_the_step()
    {
        int[] one = Shuffle.Identity(1000);
        int[] two = Shuffle.Identity(1000);
        Shuffle.InPlace(one, new Philox(3, RandomPurpose.Shuffle, 0));
        Shuffle.InPlace(two, new Philox(3, RandomPurpose.Shuffle, 1));
        Assert.That(one.Order(), Is.EqualTo(Shuffle.Identity(1000)));
        Assert.That(one, Is.Not.EqualTo(two));
        Assert.That(() => Shuffle.InPlace([], new Philox(3, 1)), Throws.Nothing);
    }
}
