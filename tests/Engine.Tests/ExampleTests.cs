using System.Xml.Linq;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Optimizers;

namespace Repro.Engine.Tests;

/// <summary>The types that one begins with have an example, it is compiled, and it does what it
/// says.</summary>
public class ExampleTests
{
    private static readonly Type[] Entries =
    [
        typeof(ArrayTask), typeof(ModelFile), typeof(Batch<>), typeof(RecurrentNetwork<>),
        typeof(LstmNetwork<>), typeof(GruNetwork<>), typeof(Trainer<>), typeof(ClippedStep<>),
        typeof(GaussNewton<>), typeof(Philox),
    ];

    [TestCaseSource(nameof(Entries))]
    public void An_entry_type_has_an_example_that_is_compiled(Type type)
    {
        XElement[] examples =
        [
            .. Documentation().Where(member => (string?)member.Attribute("name")
                == $"T:{type.FullName}").Descendants("example").Elements("code"),
        ];
        Assert.That(examples, Has.Length.EqualTo(1), "one example");
        string compiled = Lines(File.ReadAllText(InTests("Examples.cs")));
        Assert.That(compiled, Does.Contain(Lines(examples[0].Value)));
    }

    [Test]
    public void Every_example_is_of_a_type_listed_here()
    {
        string[] listed = [.. Entries.Select(type => $"T:{type.FullName}")];
        // The compiler writes a type's text to its primary constructor too.
        Assert.That(
            Documentation().Where(m => m.Descendants("example").Any())
                .Select(m => (string)m.Attribute("name")!)
                .Where(name => !name.Contains(".#ctor", StringComparison.Ordinal)),
            Is.EquivalentTo(listed));
    }

    [Test]
    public void The_examples_do_what_they_say()
    {
        Assert.That(Examples.OfArrayTask(), Has.Length.EqualTo(1));
        // The first input less the last one.
        Assert.That(Examples.OfArrayTask()[0], Is.EqualTo(-.2).Within(.1));
        Assert.That(Examples.OfBatch(), Is.GreaterThan(64));
        Assert.That(Examples.OfRecurrentNetwork(), Is.EqualTo("10401"));
        Assert.That(Examples.OfLstmNetwork().Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(Examples.OfGruNetwork().Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(Examples.OfTrainer(CancellationToken.None), Is.EqualTo("400 True"));
        Assert.That(Examples.OfClippedStep(), Is.LessThan(.1));
        // The square of an error bends by 2 with the output, and that by 1 with its bias.
        Assert.That(Examples.OfGaussNewton(), Is.EqualTo(2).Within(1e-12));
        Assert.That(Examples.OfPhilox(), Is.InRange(0, 1));
        string folder = Directory.CreateTempSubdirectory("repro-example-").FullName;
        try
        {
            Assert.That(
                Examples.OfModelFile(Path.Combine(folder, "model.safetensors")), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<XElement> Documentation() => XDocument.Load(Path.Combine(
        TestContext.CurrentContext.TestDirectory, "Repro.Engine.xml")).Descendants("member");

    private static string Lines(string text) => string.Join(
        '\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string InTests(string name) => Repository.In("tests", "Engine.Tests", name);
}
