using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/Benchmarks -- --filter '*Update*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
