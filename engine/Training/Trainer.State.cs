using System.Text.Json.Nodes;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training;

// A trainer's state as bytes.
public partial class Trainer<T>
{
    /// <summary>Everything that a later <see cref="Restore"/> needs.</summary>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public byte[] Save()
    {
        ThrowIfDisposed();
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Layout);
        writer.Write(Network.Spec.ToString());
        writer.Write(Updates);
        window.Write(writer);
        writer.Write(Network.Parameters.Length);
        writer.Write(ParameterBytes);
        Curves.Write(writer);
        learner.Write(writer);
        foreach (RuleAtWork rule in rules)
        {
            rule.Write(writer);
        }
        TrainerIdentity.Write(writer, Identity());
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Continues where a saved state stands. A state that is refused changes nothing.
    /// </summary>
    /// <param name="state">What <see cref="Save"/> gave, of a trainer with the same network,
    /// task, seed, batch size, optimiser and kinds of rules. Budget, rates, clipping and
    /// evaluation may differ: they decide what comes after.</param>
    /// <exception cref="InvalidDataException">The state is of another layout, network or
    /// trainer, or it is not whole.</exception>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public void Restore(byte[] state)
    {
        ThrowIfDisposed();
        byte[] before = Save();
        try
        {
            Read(state);
        }
        catch (Exception error)
        {
            Read(before);
            if (error is EndOfStreamException or FormatException or ArgumentException
                or InvalidOperationException)
            {
                throw new InvalidDataException(
                    $"the saved state of {state.Length} bytes is not whole ({error.Message}); "
                    + "train anew", error);
            }
            throw;
        }
    }

    private void Read(byte[] state)
    {
        using BinaryReader reader = new(new MemoryStream(state));
        int layout = state.Length < sizeof(int) ? 0 : reader.ReadInt32();
        if (layout != Layout)
        {
            throw new InvalidDataException(
                $"the saved state has layout {layout}, and this program reads {Layout}; train "
                + "anew");
        }
        string network = reader.ReadString();
        if (network != Network.Spec.ToString())
        {
            throw new InvalidDataException(
                $"the saved state is of {network}, and the network is {Network.Spec}");
        }
        Updates = reader.ReadInt64();
        window = TrainingWindow.Read(reader);
        int length = reader.ReadInt32();
        if (length != Network.Parameters.Length)
        {
            throw new InvalidDataException(
                $"the saved state has {length} parameters, the network "
                + $"{Network.Parameters.Length}");
        }
        int end = TrainerIdentity.Check(state, Identity());
        reader.BaseStream.ReadExactly(ParameterBytes);
        Curves.Read(reader);
        learner.Read(reader);
        foreach (RuleAtWork rule in rules)
        {
            rule.Read(reader);
        }
        if (reader.BaseStream.Position != end)
        {
            throw new InvalidDataException(
                $"the saved state has {end} bytes and this trainer reads "
                + $"{reader.BaseStream.Position} of them; train anew");
        }
    }

    private JsonObject Identity() =>
        TrainerIdentity.Of<T>(Network.Spec, Network.Views, Task, Spec, Seed);
}
