internal import Glibc

/// What the kernel knows of this process. Read when somebody asks for metrics, never on a loop.
struct ProcessFigures {
    var cpuSeconds = 0.0
    /// Nil where `/proc` cannot be read.
    var residentBytes: UInt64?
    var virtualBytes: UInt64?
    var openDescriptors: UInt64?
    var descriptorsMax: UInt64?

    static func now() -> ProcessFigures {
        var figures = ProcessFigures()
        var time = timespec()
        if unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
            figures.cpuSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        // proc(5), /proc/pid/statm: size and resident, in pages.
        if let text = text(of: "/proc/self/statm") {
            let pages = text.split(separator: " ").prefix(2).compactMap { UInt64($0) }
            let page = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
            if pages.count == 2 {
                figures.virtualBytes = pages[0] * page
                figures.residentBytes = pages[1] * page
            }
        }
        figures.openDescriptors = openDescriptors
        var limit = rlimit()
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            figures.descriptorsMax = UInt64(limit.rlim_cur)
        }
        return figures
    }

    private static func text(of path: String) -> String? {
        do throws(Disk.Failure) {
            return String(decoding: try Disk.read(path, bytesMax: 1 << 16), as: UTF8.self)
        } catch {
            // Without /proc these figures are left out of the report.
            return nil
        }
    }

    private static var openDescriptors: UInt64? {
        guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe _ = closedir(folder) }
        var count: UInt64 = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the folder's own descriptor.
        return count >= 3 ? count - 3 : nil
    }
}
