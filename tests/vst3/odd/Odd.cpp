// An instrument is 0.5 while a key is held, an effect gives back half of what it was given: whatever else is odd.
#include <array>
#include <cstdio>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

static constexpr uint32_t kCount = ODD == MANY ? 2000 : 1;

class Odd : public Plugin {
    std::array<float, kCount> values{};
    int held = 0;

public:
    Odd() : Plugin(kCount, 0, 0) {
#if DISTRHO_PLUGIN_WANT_LATENCY
        setLatency(10 * 48000);
#endif
    }

protected:
    const char* getLabel() const override { return "SempreOdd"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'O', '0' + ODD); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        char name[16];
        std::snprintf(name, sizeof(name), "part %u", index);
        parameter.hints = kParameterIsAutomatable;
        parameter.name = name;
        std::snprintf(name, sizeof(name), "part_%u", index);
        parameter.symbol = name;
        parameter.ranges.min = 0.0f;
        parameter.ranges.max = 1.0f;
        parameter.ranges.def = 0.0f;
    }
    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override { values[index] = value; }

#if DISTRHO_PLUGIN_WANT_MIDI_INPUT
    void run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
        uint32_t next = 0;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            for (; next < count && events[next].frame <= frame; ++next) {
                const uint8_t* data = events[next].data;
                if ((data[0] & 0xF0) == 0x90 && data[2] > 0) ++held;
                else if ((data[0] & 0xE0) == 0x80) held -= held > 0;
                else if ((data[0] & 0xF0) == 0xB0) held = 0;
            }
            for (uint32_t side = 0; side < DISTRHO_PLUGIN_NUM_OUTPUTS; ++side)
                outputs[side][frame] = held > 0 ? 0.5f : 0.0f;
        }
    }
#else
    void run(const float** inputs, float** outputs, uint32_t frames) override {
        for (uint32_t side = 0; side < DISTRHO_PLUGIN_NUM_OUTPUTS; ++side)
            for (uint32_t frame = 0; frame < frames; ++frame)
                outputs[side][frame] = DISTRHO_PLUGIN_NUM_INPUTS > 0 ? inputs[side][frame] * 0.5f : 0.25f;
    }
#endif
};

Plugin* createPlugin() { return new Odd(); }

END_NAMESPACE_DISTRHO
