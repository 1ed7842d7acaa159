namespace Repro.Reports
