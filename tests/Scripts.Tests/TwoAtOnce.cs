using NUnit.Framework;

// Each test starts commands in processes of their own, with folders of their own, and waits for
// them: two classes at once keep two cores at work.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
