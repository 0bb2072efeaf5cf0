// A small LV2 host that watches what a plugin does while it makes sound.
//
// Usage: rt_host BINARY PORTS RATE, where PORTS has a letter for each port in order: A audio, E events in, e events
// out, c control in, o control out. Takes commands by lines, and answers each with lines, of which the last is
// "done"; see `main`. Functions that a thread which makes sound may not call are defined here once more: this
// program is linked with -rdynamic, so the plugin's calls come here, are counted by name, and go on from here.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "lv2/atom-util.h"
#include "lv2/buf-size.h"
#include "lv2/lv2.h"
#include "lv2/midi.h"
#include "lv2/options.h"
#include "lv2/time.h"
#include "lv2/urid.h"
#include "lv2/worker.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

enum Forbidden {
    MALLOC, CALLOC, REALLOC, FREE, ALIGNED, LOCK, WAIT, OPEN, READ, WRITE, MMAP, MUNMAP, SLEEP, SYSCALL, SCHEDULE,
    FORBIDDEN
};
constexpr const char* NAMES[FORBIDDEN] = {"malloc", "calloc", "realloc", "free", "aligned_alloc", "lock", "wait",
                                          "open", "read", "write", "mmap", "munmap", "sleep", "syscall",
                                          "schedule_work"};

thread_local bool inside = false;  // in the plugin, on the thread that makes sound
long counts[FORBIDDEN];            // by that thread alone
bool virtualTime = false;          // the plugin's clock goes with its frames
int64_t virtualNow = 1;

void count(const Forbidden which) {
    if (inside) ++counts[which];
}

template <typename Function>
Function next(const char* const name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

#define NEXT(name) \
    static const auto theirs = next<decltype(&::name)>(#name)

}  // namespace

extern "C" {

// The C library has these four under other names too; to look for them would take memory.
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void __libc_free(void*);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) { return count(MALLOC), __libc_malloc(size); }
void* calloc(size_t number, size_t size) { return count(CALLOC), __libc_calloc(number, size); }
void* realloc(void* memory, size_t size) { return count(REALLOC), __libc_realloc(memory, size); }
void free(void* memory) {
    if (memory != nullptr) count(FREE);
    __libc_free(memory);
}
void* aligned_alloc(size_t place, size_t size) { return count(ALIGNED), __libc_memalign(place, size); }
int posix_memalign(void** memory, size_t place, size_t size) {
    count(ALIGNED);
    *memory = __libc_memalign(place, size);
    return *memory == nullptr ? 12 : 0;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
    NEXT(pthread_mutex_lock);
    return count(LOCK), theirs(mutex);
}
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    NEXT(pthread_cond_wait);
    return count(WAIT), theirs(condition, mutex);
}
int open(const char* path, int flags, ...) {
    static const auto theirs = next<int (*)(const char*, int, ...)>("open");
    va_list more;
    va_start(more, flags);
    const unsigned mode = va_arg(more, unsigned);
    va_end(more);
    return count(OPEN), theirs(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
    static const auto theirs = next<int (*)(int, const char*, int, ...)>("openat");
    va_list more;
    va_start(more, flags);
    const unsigned mode = va_arg(more, unsigned);
    va_end(more);
    return count(OPEN), theirs(folder, path, flags, mode);
}
FILE* fopen(const char* path, const char* mode) {
    static const auto theirs = next<FILE* (*)(const char*, const char*)>("fopen");
    return count(OPEN), theirs(path, mode);
}
ssize_t read(int file, void* data, size_t size) {
    static const auto theirs = next<ssize_t (*)(int, void*, size_t)>("read");
    return count(READ), theirs(file, data, size);
}
ssize_t write(int file, const void* data, size_t size) {
    static const auto theirs = next<ssize_t (*)(int, const void*, size_t)>("write");
    return count(WRITE), theirs(file, data, size);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) noexcept {
    static const auto theirs = next<void* (*)(void*, size_t, int, int, int, off_t)>("mmap");
    return count(MMAP), theirs(at, size, protection, flags, file, offset);
}
int munmap(void* at, size_t size) noexcept {
    static const auto theirs = next<int (*)(void*, size_t)>("munmap");
    return count(MUNMAP), theirs(at, size);
}
int nanosleep(const timespec* time, timespec* left) {
    static const auto theirs = next<int (*)(const timespec*, timespec*)>("nanosleep");
    return count(SLEEP), theirs(time, left);
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    static const auto theirs = next<int (*)(clockid_t, int, const timespec*, timespec*)>("clock_nanosleep");
    return count(SLEEP), theirs(clock, flags, time, left);
}
int usleep(useconds_t time) {
    static const auto theirs = next<int (*)(useconds_t)>("usleep");
    return count(SLEEP), theirs(time);
}
int sched_yield() noexcept {
    static const auto theirs = next<int (*)()>("sched_yield");
    return count(WAIT), theirs();
}
// Of these a futex is what matters: what the C++ library takes where a lock is not free.
long syscall(long number, ...) noexcept {
    static const auto theirs = next<long (*)(long, ...)>("syscall");
    va_list more;
    va_start(more, number);
    long words[6];
    for (long& word : words) word = va_arg(more, long);
    va_end(more);
    return count(SYSCALL), theirs(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
// Allowed; but a test has time of its own.
int clock_gettime(clockid_t clock, timespec* now) noexcept {
    static const auto theirs = next<int (*)(clockid_t, timespec*)>("clock_gettime");
    const int done = theirs(clock, now);
    if (inside && virtualTime) *now = {virtualNow / 1000000000, virtualNow % 1000000000};
    return done;
}
}

namespace {

int64_t nanoseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t(now.tv_sec) * 1000000000 + now.tv_nsec;
}

std::map<std::string, LV2_URID> numbers;

LV2_URID number(void*, const char* const name) {
    return numbers.try_emplace(name, LV2_URID(numbers.size() + 1)).first->second;
}

LV2_Worker_Status schedule(void*, uint32_t, const void*) {
    count(SCHEDULE);
    return LV2_WORKER_SUCCESS;
}

// Writes one event with a position of time, as jalv and Ardour do, with numbers as coarse as theirs.
class Events {
public:
    explicit Events(const size_t size) : words_(size / 8) {}

    LV2_Atom_Sequence* sequence() { return reinterpret_cast<LV2_Atom_Sequence*>(words_.data()); }

    void beEmpty() {
        *sequence() = {{sizeof(LV2_Atom_Sequence_Body), number(nullptr, LV2_ATOM__Sequence)}, {0, 0}};
    }

    // As what the plugin may write to.
    void beRoom(const size_t size) {
        *sequence() = {{uint32_t(size - sizeof(LV2_Atom)), number(nullptr, LV2_ATOM__Chunk)}, {0, 0}};
    }

    void position(const double beat, const double bpm, const int64_t frame, const double speed, const int perBar) {
        const double bar = std::floor(beat / perBar);
        const size_t object = sizeof(LV2_Atom_Sequence) + sizeof(LV2_Atom_Event);
        at_ = object;
        put(LV2_Atom_Object_Body{0, number(nullptr, LV2_TIME__Position)});
        property(LV2_TIME__bar, LV2_ATOM__Long, int64_t(bar));
        property(LV2_TIME__barBeat, LV2_ATOM__Float, float(beat - bar * perBar));
        property(LV2_TIME__beatUnit, LV2_ATOM__Int, int32_t(4));
        property(LV2_TIME__beatsPerBar, LV2_ATOM__Float, float(perBar));
        property(LV2_TIME__beatsPerMinute, LV2_ATOM__Float, float(bpm));
        property(LV2_TIME__frame, LV2_ATOM__Long, frame);
        property(LV2_TIME__speed, LV2_ATOM__Float, float(speed));
        const auto size = uint32_t(at_ - object);
        at_ = sizeof(LV2_Atom_Sequence);
        put(int64_t(0));
        put(LV2_Atom{size, number(nullptr, LV2_ATOM__Object)});
        sequence()->atom.size += uint32_t(sizeof(LV2_Atom_Event)) + size;
    }

private:
    template <typename Value>
    void property(const char* const key, const char* const type, const Value value) {
        put(LV2_Atom_Property_Body{number(nullptr, key), 0, {sizeof value, number(nullptr, type)}});
        put(value);
    }

    // All begins at a multiple of eight bytes.
    template <typename Value>
    void put(const Value value) {
        std::memcpy(reinterpret_cast<char*>(words_.data()) + at_, &value, sizeof value);
        at_ += (sizeof value + 7) / 8 * 8;
    }

    std::vector<uint64_t> words_;
    size_t at_ = 0;
};

class Host {
public:
    Host(const char* const binary, std::string ports, const double rate)
        : ports_(std::move(ports)), rate_(rate), in_(ROOM), out_(ROOM), controls_(ports_.size()) {
        void* const library = dlopen(binary, RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::string(dlerror());
        const auto find = reinterpret_cast<LV2_Descriptor_Function>(dlsym(library, "lv2_descriptor"));
        if (find == nullptr || (plugin_ = find(0)) == nullptr) throw std::string("it has no plugin");
        const LV2_Options_Option options[] = {
            {LV2_OPTIONS_INSTANCE, 0, number(nullptr, LV2_BUF_SIZE__nominalBlockLength), sizeof most_,
             number(nullptr, LV2_ATOM__Int), &most_},
            {LV2_OPTIONS_INSTANCE, 0, number(nullptr, LV2_BUF_SIZE__maxBlockLength), sizeof most_,
             number(nullptr, LV2_ATOM__Int), &most_},
            {LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, nullptr}};
        LV2_URID_Map map = {nullptr, number};
        LV2_Worker_Schedule worker = {nullptr, schedule};
        const LV2_Feature features[] = {{LV2_URID__map, &map},
                                        {LV2_OPTIONS__options, const_cast<LV2_Options_Option*>(options)},
                                        {LV2_WORKER__schedule, &worker},
                                        {LV2_BUF_SIZE__boundedBlockLength, nullptr}};
        const LV2_Feature* const list[] = {features, features + 1, features + 2, features + 3, nullptr};
        instance_ = plugin_->instantiate(plugin_, rate, ".", list);
        if (instance_ == nullptr) throw std::string("it was not made");
        for (uint32_t port = 0; port < ports_.size(); ++port) {
            switch (ports_[port]) {
            case 'A':
                sound_.emplace_back(most_);
                break;
            case 'E':
                plugin_->connect_port(instance_, port, in_.sequence());
                break;
            case 'e':
                plugin_->connect_port(instance_, port, out_.sequence());
                break;
            default:
                plugin_->connect_port(instance_, port, &controls_[port]);
            }
        }
        for (uint32_t port = 0, channel = 0; port < ports_.size(); ++port) {
            if (ports_[port] == 'A') plugin_->connect_port(instance_, port, sound_[channel++].data());
        }
        plugin_->activate(instance_);
    }

    ~Host() {
        plugin_->deactivate(instance_);
        plugin_->cleanup(instance_);
    }

    float& control(const size_t port) { return controls_.at(port); }

    enum Telling { EACH, FIRST, NEVER };

    // Runs blocks; tells the position before each of them, before the first one alone, or not at all.
    void run(const double beat, const double bpm, const int64_t frame, const double speed, const int blocks,
             const uint32_t frames, const Telling telling) {
        const double step = bpm / 60 / rate_ * speed;
        for (int block = 0; block < blocks; ++block) {
            const double passed = double(block) * frames;
            in_.beEmpty();
            if (telling == EACH || (telling == FIRST && block == 0)) {
                in_.position(beat + passed * step, bpm, frame + int64_t(passed * speed), speed, perBar);
            }
            out_.beRoom(room);
            for (size_t i = 0; i < others.size(); i += 64) ++others[i];
            virtualNow = 1 + int64_t(double(ran_) * 1e9 / rate_);
            const int64_t begin = nanoseconds();
            inside = true;
            plugin_->run(instance_, frames);
            inside = false;
            took.push_back(nanoseconds() - begin);
            LV2_ATOM_SEQUENCE_FOREACH(out_.sequence(), event) {
                const auto* const bytes = reinterpret_cast<const uint8_t*>(event + 1);
                heard_ += "midi " + std::to_string(ran_ + event->time.frames) + " ";
                for (uint32_t i = 0; i < event->body.size; ++i) {
                    char text[4];
                    std::snprintf(text, sizeof text, "%02x", bytes[i]);
                    heard_ += text;
                }
                heard_ += "\n";
            }
            for (const std::vector<float>& channel : sound_) {
                for (uint32_t i = 0; i < frames; ++i) loudest = std::max(loudest, std::abs(channel[i]));
            }
            ran_ += frames;
        }
    }

    std::string heard() { return std::exchange(heard_, ""); }

    std::vector<int64_t> took;  // nanoseconds of each block
    float loudest = 0;
    size_t room = ROOM;  // bytes for the events that come out
    int perBar = 4;
    std::vector<char> others;  // what other plugins do between our blocks: they need the processor's caches

private:
    static constexpr size_t ROOM = 65536;
    std::string ports_;
    const double rate_;
    const int32_t most_ = 8192;
    const LV2_Descriptor* plugin_ = nullptr;
    LV2_Handle instance_ = nullptr;
    Events in_, out_;
    std::vector<float> controls_;
    std::vector<std::vector<float>> sound_;
    std::string heard_;
    int64_t ran_ = 0;
};

void tellCounts(Host& host) {
    for (int which = 0; which < FORBIDDEN; ++which) std::cout << NAMES[which] << " " << counts[which] << "\n";
    std::fill(std::begin(counts), std::end(counts), 0);
    if (!host.took.empty()) {
        std::sort(host.took.begin(), host.took.end());
        int64_t sum = 0;
        for (const int64_t one : host.took) sum += one;
        const size_t size = host.took.size();
        std::cout << "blocks " << size << "\nmean " << sum / int64_t(size) << "\nmedian " << host.took[size / 2]
                  << "\np99 " << host.took[size * 99 / 100] << "\nmost " << host.took.back() << "\n";
        host.took.clear();
    }
}

}  // namespace

int main(const int argc, char** const argv) {
    if (argc != 4) return 2;
    try {
        inside = true;  // to be made takes memory and files: so it is seen whether we see it
        Host host(argv[1], argv[2], std::atof(argv[3]));
        inside = false;
        std::string line;
        while (std::getline(std::cin, line)) {
            std::istringstream words(line);
            std::string word;
            words >> word;
            if (word == "run") {  // BEAT BPM FRAME SPEED BLOCKS FRAMES ONCE
                double beat, bpm, speed;
                int64_t frame;
                int blocks, once;
                uint32_t frames;
                words >> beat >> bpm >> frame >> speed >> blocks >> frames >> once;
                host.run(beat, bpm, frame, speed, blocks, frames, once != 0 ? Host::FIRST : Host::EACH);
                std::cout << host.heard();
            } else if (word == "go") {  // BLOCKS FRAMES: on, without a word of where
                int blocks;
                uint32_t frames;
                words >> blocks >> frames;
                host.run(0, 120, 0, 1, blocks, frames, Host::NEVER);
                std::cout << host.heard();
            } else if (word == "control") {  // PORT VALUE
                size_t port;
                float value;
                words >> port >> value;
                host.control(port) = value;
            } else if (word == "value") {  // PORT
                size_t port;
                words >> port;
                std::cout << "value " << host.control(port) << "\n";
            } else if (word == "room") {  // BYTES for the events that come out
                words >> host.room;
            } else if (word == "cold") {  // BYTES that are touched before each block
                size_t size;
                words >> size;
                host.others.assign(size, 0);
            } else if (word == "bar") {  // BEATS
                words >> host.perBar;
            } else if (word == "virtual") {  // 0, 1: whether the plugin's clock goes with its frames
                words >> virtualTime;
            } else if (word == "fault") {  // what a plugin should not do
                inside = true;
                void* volatile memory = malloc(8);
                free(memory);
                delete new std::vector<int>(3);
                pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                pthread_mutex_lock(&mutex);
                inside = false;
                pthread_mutex_unlock(&mutex);
            } else if (word == "counts") {  // since the last time; and how long blocks took
                tellCounts(host);
                std::cout << "loudest " << host.loudest << "\n";
            } else {
                std::cout << "what? " << line << "\n";
            }
            std::cout << "done" << std::endl;
        }
    } catch (const std::string& error) {
        std::cerr << error << "\n";
        return 1;
    }
    return 0;
}
