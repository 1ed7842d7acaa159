using Repro.Engine.Data;

namespace Repro.Engine.Tasks;

/// <summary>Where tasks that read data find it.</summary>
/// <param name="data">The data folder.</param>
public sealed class TaskSources(DataStore data)
{
    /// <summary>The data folder.</summary>
    public DataStore Data { get; } = data;

    /// <summary>Loads the features of UCF-101: the pack of 14 classes, unless others are stated.
    /// </summary>
    public Func<DataStore, Ucf101Features> Features { get; init; } =
        store => Ucf101Features.Load(store);
}
