namespace Streaming.Models.Onnx.Tests;

public sealed class DeviceMemoryTests
{
    private const string Name = "12345678-9abc-def0-0102-030405060708";

    private readonly Dictionary<string, nint> _functions = new(PlayedDriver.Functions);

    [Theory]
    [InlineData("GPU-")]
    [InlineData("MIG-")]
    public void Use_device_that_cuda_names_is_found_by_its_uuid_and_told_as_it_is_now(string kind)
    {
        PlayedDriver.Reset(kind + Name);
        using DeviceMemory memory = DeviceMemory.Open(PlayedDriver.Number, Symbol)!;
        Assert.Equal(new DeviceMemoryUse(6L << 30, 8L << 30), memory.Use);
        PlayedDriver.Used = 7UL << 30;
        Assert.Equal(new DeviceMemoryUse(7L << 30, 8L << 30), memory.Use);
        PlayedDriver.Result = 15; // NVML_ERROR_GPU_IS_LOST
        Assert.Null(memory.Use);
    }

    [Fact]
    public void Dispose_library_that_was_begun_is_ended_once_and_not_asked_any_more()
    {
        PlayedDriver.Reset("GPU-" + Name);
        DeviceMemory memory = DeviceMemory.Open(PlayedDriver.Number, Symbol)!;
        memory.Dispose();
        memory.Dispose();
        Assert.Null(memory.Use);
        Assert.Equal((1, 1), (PlayedDriver.Begun, PlayedDriver.Ended));
    }

    [Fact]
    public void Open_device_that_is_not_known_is_none_and_leaves_nothing_open()
    {
        PlayedDriver.Reset("GPU-of-somebody-else");
        Assert.Null(DeviceMemory.Open(PlayedDriver.Number + 1, Symbol));
        Assert.Null(DeviceMemory.Open(PlayedDriver.Number, Symbol));
        Assert.Equal((1, 1), (PlayedDriver.Begun, PlayedDriver.Ended));
    }

    [Fact]
    public void Open_driver_that_lacks_any_function_is_none()
    {
        PlayedDriver.Reset("GPU-" + Name);
        foreach (string name in PlayedDriver.Functions.Keys)
        {
            _functions.Remove(name);
            Assert.Null(DeviceMemory.Open(PlayedDriver.Number, Symbol));
            _functions[name] = PlayedDriver.Functions[name];
        }
    }

    [Fact]
    public void Load_model_on_the_cpu_tells_of_no_device_memory()
    {
        using var model = OnnxVideoLanguageModel.Load(Scenes.Folder);
        Assert.Null(model.VisionEncoder.DeviceMemory);
    }

    private nint Symbol(string library, string name) => _functions.GetValueOrDefault($"{library} {name}");
}
