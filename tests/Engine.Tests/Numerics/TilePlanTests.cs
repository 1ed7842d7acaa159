using NUnit.Framework;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Numerics;

public class TilePlanTests
{
    [Test]
    public void A_plan_covers_every_vector_once_with_tiles_that_exist(
        [Values(16, 32)] int registers)
    {
        foreach (int rows in (int[])[1, 2, 3, 4, 5, 8, 16, 20, 100, int.MaxValue])
        {
            for (int vectors = 1; vectors <= 80; vectors++)
            {
                int[] panels = TilePlan.For(vectors, rows, registers).Panels;
                Assert.That(panels.Sum(), Is.EqualTo(vectors));
                Assert.That(panels, Is.All.InRange(1, 8));
                // Panels differ by one vector at most: no narrow remainder runs slowly.
                Assert.That(panels.Max() - panels.Min(), Is.LessThanOrEqualTo(1));
            }
        }
    }

    [Test]
    public void A_plan_of_columns_ends_with_half_a_vector_where_that_holds_the_last_ones(
        [Values(1, 7, 8, 20)] int rows)
    {
        (int lanes, int half, int registers)[] widths =
            [(16, 8, 32), (8, 4, 32), (8, 0, 16), (4, 0, 16), (1, 0, 16)];
        foreach ((int lanes, int half, int registers) in widths)
        {
            for (int columns = 1; columns <= 130; columns++)
            {
                TilePlan plan = TilePlan.ForColumns(columns, rows, lanes, half, registers);
                int[] whole = [.. plan.Panels.Where(v => v != TilePlan.Half)];
                bool hasHalf = whole.Length < plan.Count;
                int last = columns % lanes;
                string what = $"{columns} columns in vectors of {lanes}";
                Assert.That(hasHalf, Is.EqualTo(last > 0 && last <= half && rows >= 8), what);
                Assert.That(plan.Panels[..whole.Length], Is.EqualTo(whole), what);
                int covered = (whole.Sum() * lanes) + (hasHalf ? half : 0);
                Assert.That(covered - columns, Is.InRange(0, lanes - 1), what);
            }
        }
    }

    [Test]
    public void A_plan_of_many_rows_keeps_a_tile_of_four_rows_or_more()
    {
        foreach (int panel in TilePlan.For(80, 20, 32).Panels)
        {
            Assert.That(
                Tiles<float, System.Runtime.Intrinsics.Vector512<float>, Simd512<float>,
                    StoreEpilogue<float, System.Runtime.Intrinsics.Vector512<float>,
                        Simd512<float>>, EveryPlace>.MostRows(panel),
                Is.GreaterThanOrEqualTo(4));
        }
    }

    [Test]
    public void The_tiles_are_what_their_generator_writes()
    {
        string source = Path.Combine(Repository.Root, "engine", "Numerics");
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(source, "GenerateTiles.fsx"), folder["GenerateTiles.fsx"]);
        Repository.Run(Repository.Dotnet("fsi", folder["GenerateTiles.fsx"]));
        Assert.That(
            File.ReadAllText(folder["Tiles.g.cs"]).ReplaceLineEndings("\n"),
            Is.EqualTo(
                File.ReadAllText(Path.Combine(source, "Tiles.g.cs")).ReplaceLineEndings("\n")),
            "remake it: dotnet fsi engine/Numerics/GenerateTiles.fsx");
    }
}
