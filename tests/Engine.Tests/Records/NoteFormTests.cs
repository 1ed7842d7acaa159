using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>Notes as they were written by the engines of the recorded runs.</summary>
public class NoteFormTests
{
    [Test]
    public void A_recorded_note_is_written_again_to_the_same_bytes()
    {
        string[] notes = Directory.GetFiles(
            Repository.In("paper-figures"), "*.note.json", SearchOption.AllDirectories);
        Assert.That(notes, Is.Not.Empty);
        foreach (string path in notes)
        {
            byte[] bytes = File.ReadAllBytes(path);
            Assert.That(ProvenanceNote.Parse(bytes).FileBytes(), Is.EqualTo(bytes), path);
        }
    }

    [TestCase("""{ "label": null }""")]
    [TestCase("""{ "label": "run" }""")]
    [TestCase("null")]
    [TestCase("{")]
    public void A_note_without_its_members_is_refused(string text) =>
        Assert.That(
            () => ProvenanceNote.Parse(System.Text.Encoding.UTF8.GetBytes(text)),
            Throws.TypeOf<FormatException>());
}
