using Repro.Engine.Data;

namespace Repro.Engine.Tasks;

/// <summary>A text in three folds, as symbols 0 … <see cref="Symbols"/> − 1. Shared by all tasks
/// over it, so nobody may write to the arrays.</summary>
/// <param name="Training">Symbols to train on.</param>
/// <param name="Validation">Symbols for choices and curves.</param>
/// <param name="Test">Symbols for the final figure.</param>
/// <param name="Symbols">How many different ones there are.</param>
/// <param name="LineEnd">The symbol that stands before the text's first.</param>
/// <param name="Hashes">SHA-256 of what each fold was read from, by name.</param>
public sealed record CharacterText(
    byte[] Training, byte[] Validation, byte[] Test, int Symbols, byte LineEnd,
    IReadOnlyDictionary<string, string> Hashes)
{
    /// <summary>Mikolov's preparation of the Penn Treebank, 50 symbols.</summary>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static CharacterText PennTreebank(DataStore store)
    {
        PennTreebank Load(PtbSplit split) => Data.PennTreebank.Load(store, split);
        PennTreebank train = Load(PtbSplit.Train);
        PennTreebank valid = Load(PtbSplit.Valid);
        PennTreebank test = Load(PtbSplit.Test);
        return new CharacterText(
            train.Characters, valid.Characters, test.Characters, Data.PennTreebank.Symbols,
            (byte)Data.PennTreebank.Alphabet.IndexOf('\n'),
            new Dictionary<string, string>
            {
                ["ptb/train"] = train.ContentHash,
                ["ptb/valid"] = valid.ContentHash,
                ["ptb/test"] = test.ContentHash,
            });
    }
}
