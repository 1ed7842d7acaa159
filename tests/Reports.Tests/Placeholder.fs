namespace Repro.Reports.Tests
