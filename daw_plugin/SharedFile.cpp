#include "SharedFile.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <random>

#ifdef _WIN32
#include <process.h>
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#ifdef __APPLE__
#include <stdlib.h>
#endif

namespace sempre {

namespace {

uint64_t anyNumber() {
    std::random_device source;
    return (uint64_t(source()) << 32) | source() | 1;
}

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

#ifndef _WIN32

bool isFolder(const std::string& path) {
    struct stat found;
    return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

// A folder of this user that nobody else may enter; made if it is not there.
bool own(const std::string& path) {
    struct stat found;
    mkdir(path.c_str(), 0700);
    return lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == getuid() &&
           (found.st_mode & 077) == 0;
}

// Where engines look: the folder of running sessions, as repl/runtime.py has it.
std::string folder() {
    std::string base = variable("XDG_RUNTIME_DIR");
    if (!base.empty() && isFolder(base)) {
        base += "/sempre";
    } else {
        base = "/tmp";
        for (const char* name : {"TMPDIR", "TEMP", "TMP"}) {
            if (const std::string given = variable(name); !given.empty() && isFolder(given)) {
                base = given;
                break;
            }
        }
        base += "/sempre-" + std::to_string(getuid());
    }
    if (!own(base)) return "";
    base += "/daw";
    return own(base) ? base : "";
}

std::string host() {
#ifdef __APPLE__
    const char* const name = getprogname();
    return name == nullptr ? "" : name;
#else
    char name[TEXT] = {};
    if (FILE* const file = std::fopen("/proc/self/comm", "r")) {
        if (std::fgets(name, sizeof name, file) == nullptr) name[0] = 0;
        std::fclose(file);
    }
    name[std::strcspn(name, "\n")] = 0;
    return name;
#endif
}

#endif

void put(char* place, const std::string& text) {
    std::strncpy(place, text.c_str(), TEXT - 1);
}

}  // namespace

SharedFile::SharedFile(const char* const format, const bool seen) {
    const uint64_t id = anyNumber();
    void* memory = nullptr;
    std::string unseen;
#ifndef _WIN32
    const std::string place = seen ? folder() : "";
    if (!place.empty()) {
        char name[64];
        std::snprintf(name, sizeof name, "/%ld-%016llx", long(getpid()), static_cast<unsigned long long>(id));
        path_ = place + name + ".bond";
        unseen = place + name + ".new";
        const int file = open(unseen.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file >= 0) {
            if (ftruncate(file, sizeof(Bond)) == 0) {
                memory = mmap(nullptr, sizeof(Bond), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
                if (memory == MAP_FAILED) memory = nullptr;
            }
            close(file);
        }
    }
#endif
    if (memory == nullptr) {
        path_.clear();
        if (!unseen.empty()) std::remove(unseen.c_str());
        memory = std::calloc(1, sizeof(Bond));
        if (memory == nullptr) throw std::bad_alloc();
    }
    // All of it is touched here, so that the thread that makes sound never waits for a page of memory.
    std::memset(memory, 0, sizeof(Bond));
    bond_ = new (memory) Bond;
    bond_->version.store(VERSION);
    bond_->size.store(sizeof(Bond));
    bond_->id.store(id);
    for (Page& page : bond_->pages) page.beat.store(INT64_MIN);
    put(bond_->format, format);
#ifndef _WIN32
    bond_->process.store(uint32_t(getpid()));
    put(bond_->host, host());
    if (!path_.empty()) mlock(memory, sizeof(Bond));  // refused without the right to it: then it is only asked for
#endif
    bond_->magic.store(MAGIC, std::memory_order_release);
    if (!path_.empty() && std::rename(unseen.c_str(), path_.c_str()) != 0) {
        std::remove(unseen.c_str());
        path_.clear();  // the memory stays; nobody finds it
    }
}

SharedFile::~SharedFile() {
#ifndef _WIN32
    if (!path_.empty()) {
        bond_->magic.store(0, std::memory_order_release);  // who has it open sees that it is over
        std::remove(path_.c_str());
        munmap(bond_, sizeof(Bond));
        return;
    }
#endif
    std::free(bond_);
}

}  // namespace sempre
