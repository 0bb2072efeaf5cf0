// An instrument with one parameter, which its window sets: as long as a key is held its sound is `level`.
#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

class Window : public Plugin {
    float level = 0.25f;
    int held = 0;

public:
    Window() : Plugin(1, 0, 0) {}

protected:
    const char* getLabel() const override { return "SempreWindow"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'p', 'W'); }

    void initParameter(uint32_t, Parameter& parameter) override {
        parameter.hints = kParameterIsAutomatable;
        parameter.name = parameter.symbol = "level";
        parameter.ranges.min = 0.0f;
        parameter.ranges.max = 1.0f;
        parameter.ranges.def = level;
    }
    float getParameterValue(uint32_t) const override { return level; }
    void setParameterValue(uint32_t, float value) override { level = value; }

    void run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
        for (uint32_t number = 0; number < count; ++number) {
            const uint8_t* data = events[number].data;
            if ((data[0] & 0xF0) == 0x90 && data[2] > 0) ++held;
            else if ((data[0] & 0xE0) == 0x80) held -= held > 0;
        }
        for (uint32_t frame = 0; frame < frames; ++frame)
            outputs[0][frame] = outputs[1][frame] = held > 0 ? level : 0.0f;
    }
};

Plugin* createPlugin() { return new Window(); }

END_NAMESPACE_DISTRHO
