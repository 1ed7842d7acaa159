using System.IO.Compression;
using System.Reflection.Metadata;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace Repro.Package.Tests;

/// <summary>What is in the package, and that it is the same wherever it is made.</summary>
public sealed class ContentTests
{
    // The kind of a module's debug information that holds SourceLink's map.
    // Source: dotnet/runtime, docs/design/specs/PortablePdb-Metadata.md.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Test]
    public void The_package_says_what_it_is_and_where_it_comes_from()
    {
        using ZipArchive package = Open(".nupkg");
        Assert.That(
            package.Entries.Select(entry => entry.FullName), Is.SupersetOf(new[]
            {
                "README.md", "icon.png", "lib/net10.0/Repro.Engine.dll",
                "lib/net10.0/Repro.Engine.xml",
            }));
        XElement metadata = XDocument.Load(package.GetEntry("Repro.Engine.nuspec")!.Open()).Root!
            .Elements().Single();
        string Text(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.That(Text("readme"), Is.EqualTo("README.md"));
        Assert.That(Text("icon"), Is.EqualTo("icon.png"));
        Assert.That(Text("license"), Is.EqualTo("MIT"));
        Assert.That(Text("tags"), Does.Contain("rnn"));
        Assert.That(Text("description"), Does.Contain("Recurrent networks"));
        XElement repository = metadata.Elements().Single(e => e.Name.LocalName == "repository");
        Assert.That((string?)repository.Attribute("url"), Does.StartWith(Packed.Remote));
        Assert.That((string?)repository.Attribute("commit"), Is.EqualTo(Packed.Commit));
        Assert.That(
            metadata.Descendants().Where(e => e.Name.LocalName == "dependency")
                .Select(e => (string?)e.Attribute("id")),
            Is.EqualTo(new[] { "MathNet.Numerics" }));
    }

    [Test]
    public void The_symbols_lead_a_debugger_to_the_source_at_the_commit()
    {
        using ZipArchive symbols = Open(".snupkg");
        using MemoryStream pdb = new();
        using (Stream stream = symbols.GetEntry("lib/net10.0/Repro.Engine.pdb")!.Open())
        {
            stream.CopyTo(pdb);
        }
        pdb.Position = 0;
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        MetadataReader reader = provider.GetMetadataReader();
        string map = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(info => reader.GetGuid(info.Kind) == SourceLink)
            .Select(info => Encoding.UTF8.GetString(reader.GetBlobBytes(info.Value))).Single();
        Assert.That(
            map, Does.Contain(
                $"https://raw.githubusercontent.com/example/repro/{Packed.Commit}/"));
        string[] documents =
        [
            .. reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name)),
        ];
        Assert.That(documents, Has.Some.EndsWith("engine/Training/Trainer.cs"));
        Assert.That(
            documents.Where(name => name.Contains(Packed.Folder, StringComparison.Ordinal)),
            Is.Empty, "no path of the machine");
        Assert.That(map, Does.Contain("\"/_/*\""));
        Assert.That(
            documents.Where(name => !name.StartsWith("/_/", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_DLL_is_the_same_wherever_the_clone_lies()
    {
        Command.Run(
            Packed.OtherClone, "dotnet", "build", "engine", "-c", "Release", "-v", "quiet",
            "-p:RunAnalyzersDuringBuild=false").Done();
        string[] hashes =
        [
            .. new[] { Packed.Clone, Packed.OtherClone }.Select(clone => Convert.ToHexString(
                SHA256.HashData(File.ReadAllBytes(Path.Combine(
                    clone, "engine", "bin", "Release", "net10.0", "Repro.Engine.dll"))))),
        ];
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        using ZipArchive package = Open(".nupkg");
        using Stream packed = package.GetEntry("lib/net10.0/Repro.Engine.dll")!.Open();
        Assert.That(Convert.ToHexString(SHA256.HashData(packed)), Is.EqualTo(hashes[0]));
    }

    private static ZipArchive Open(string extension) => ZipFile.OpenRead(
        Path.Combine(Packed.Feed, $"Repro.Engine.{Packed.Version}{extension}"));
}
