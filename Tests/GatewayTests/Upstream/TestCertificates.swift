/// Certificates for tests alone, valid for a hundred years: two authorities, a server of each for `backend.test` and
/// 127.0.0.1, and two clients of the first. Their keys protect nothing.
enum TestCertificates {
    static let firstAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUaQXwsS+/txqx87Bw/hHaxq+sJqowCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPZmlyc3QtYXV0aG9yaXR5MCAXDTI2MTEyODE3MTcyMFoYDzIx
        MjYxMTA0MTcxNzIwWjAaMRgwFgYDVQQDDA9maXJzdC1hdXRob3JpdHkwWTATBgcq
        hkjOPQIBBggqhkjOPQMBBwNCAAR88yExJz1tFOdt2HR+gj1gDWatcIDlO14qHLp/
        ospI+UTuyBvlHfKoAxObfPjWNaWG9egBumUIV1wfm3+Esvuco2MwYTAdBgNVHQ4E
        FgQUtzmaAMT/2cCz9Tgs+vdqCmBj0sMwHwYDVR0jBBgwFoAUtzmaAMT/2cCz9Tgs
        +vdqCmBj0sMwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwCgYIKoZI
        zj0EAwIDSQAwRgIhAPu34fEfrwWQmYGSo7tEnWU6Z1IQVybo54DxpdmtL4boAiEA
        2JsjlVFceZ0J1suPxon4XCRE4GyVpccrD80+JalN0gM=
        -----END CERTIFICATE-----

        """
    static let secondAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBnTCCAUOgAwIBAgIUFYauhd1v7yGHRgZ1vrktEbQSjFwwCgYIKoZIzj0EAwIw
        GzEZMBcGA1UEAwwQc2Vjb25kLWF1dGhvcml0eTAgFw0yNjExMjgxNzE3MjJaGA8y
        MTI2MTEwNDE3MTcyMlowGzEZMBcGA1UEAwwQc2Vjb25kLWF1dGhvcml0eTBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABMQhn29ugaH3HB4rp3b3QiQ2vKFqyauQ1+Xj
        J0boVqY1MtZNAFrAZzDmTDOnteWWE0kNKrFfGPuwwEU5ECNPNhyjYzBhMB0GA1Ud
        DgQWBBRIo+JSBH7Ctv7kyEWzQX9F1vbFwjAfBgNVHSMEGDAWgBRIo+JSBH7Ctv7k
        yEWzQX9F1vbFwjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAKBggq
        hkjOPQQDAgNIADBFAiEAvQ7O/fWFwlovc/X00wmupMB7xoUvAIA6TgwxUcDOUWUC
        IEceqULBaaSPLxQOYpLe84zKAGNxgg/pI+zDqbvA7rni
        -----END CERTIFICATE-----

        """
    static let backend = """
        -----BEGIN CERTIFICATE-----
        MIIBnTCCAUKgAwIBAgIUdiR6es4c4qlmWSgFlEGSiT5bRMQwCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPZmlyc3QtYXV0aG9yaXR5MCAXDTI2MTEyODE3MTcyOVoYDzIx
        MjYxMTA0MTcxNzI5WjASMRAwDgYDVQQDDAdiYWNrZW5kMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEK8OO3Tl/YOZjDo3Wo37o6U3ossmBGBoaIHl//1Ok01rQj9hj
        m4egoHSGaHRR1kphYBFkZOmSzjne3PHm3r7716NsMGowHQYDVR0RBBYwFIIMYmFj
        a2VuZC50ZXN0hwR/AAABMAkGA1UdEwQCMAAwHQYDVR0OBBYEFAUgWrT/E/YV/xAb
        uD+POOP9HogsMB8GA1UdIwQYMBaAFLc5mgDE/9nAs/U4LPr3agpgY9LDMAoGCCqG
        SM49BAMCA0kAMEYCIQChX890rAeBk2WMD4Mf9iDFmhFblqrVYc+nOCK+FIe8DgIh
        AJV4H979akiPoZT/6xZAdbt0gPmY8oe47jxLp5uagEuW
        -----END CERTIFICATE-----

        """
    static let backendKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg83fYZbrURI/jFDcg
        kmYQAJl/PyAk28f/GUOpUbZXsymhRANCAAQrw47dOX9g5mMOjdajfujpTeiyyYEY
        GhogeX//U6TTWtCP2GObh6CgdIZodFHWSmFgEWRk6ZLOOd7c8ebevvvX
        -----END PRIVATE KEY-----

        """
    static let other = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUKFGJI5MXKKg++x4ECSG89wK3q5QwCgYIKoZIzj0EAwIw
        GzEZMBcGA1UEAwwQc2Vjb25kLWF1dGhvcml0eTAgFw0yNjExMjgxNzE3MzVaGA8y
        MTI2MTEwNDE3MTczNVowEDEOMAwGA1UEAwwFb3RoZXIwWTATBgcqhkjOPQIBBggq
        hkjOPQMBBwNCAAQkpgfT026eebmJwNzdHS+O82lI/Ybnn2HoVoZi1EyLAiJ5q2Fx
        pd/u5Y41no+C8ztp9Yv/7MSm6NT9u53HOEgBo2wwajAdBgNVHREEFjAUggxiYWNr
        ZW5kLnRlc3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUP7Wx3geX7hNLoOIZ
        sym63biYuNEwHwYDVR0jBBgwFoAUSKPiUgR+wrb+5MhFs0F/Rdb2xcIwCgYIKoZI
        zj0EAwIDSQAwRgIhALn7cnKVuOQI+Ef32W1YP7DAY68EvrZtMoBeswq1cqQLAiEA
        6pyRIWjJ+DedEJMnrbUJm+A1/LCict5D8RRXnvehY2s=
        -----END CERTIFICATE-----

        """
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWT4y57YT3kTWrw7T
        F/A8UXK3WR4atpiYTHKHS4Oc2+2hRANCAAQkpgfT026eebmJwNzdHS+O82lI/Ybn
        n2HoVoZi1EyLAiJ5q2Fxpd/u5Y41no+C8ztp9Yv/7MSm6NT9u53HOEgB
        -----END PRIVATE KEY-----

        """
    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBljCCATugAwIBAgIUdiR6es4c4qlmWSgFlEGSiT5bRMUwCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPZmlyc3QtYXV0aG9yaXR5MCAXDTI2MTEyODE3MTc0MloYDzIx
        MjYxMTA0MTcxNzQyWjARMQ8wDQYDVQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggq
        hkjOPQMBBwNCAARD/udnMOq8VSzao2+XG1Ti21xN0fnvjRRhJnoAsuAoo+1or9Iv
        YN9teWWOO89hAmSvWLRUVeUTItPw86PvI8yJo2YwZDAXBgNVHREEEDAOggxnYXRl
        d2F5LnRlc3QwCQYDVR0TBAIwADAdBgNVHQ4EFgQU5dnWQd1SyOIbJcsDXpHxPYpo
        1cEwHwYDVR0jBBgwFoAUtzmaAMT/2cCz9Tgs+vdqCmBj0sMwCgYIKoZIzj0EAwID
        SQAwRgIhANveYmb/BJgNeoDCi7NxPICbmQbM/6q4aaAPtnM/JCtjAiEA8GL6tmfu
        rlXJK0pR6mnxDTVVq1B7cZ93+yxjJgPBN4M=
        -----END CERTIFICATE-----

        """
    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU+mWnfNWTUd7E2c5
        O4Qh9tRRMos0NYDIc1Zy8+B4XM+hRANCAARD/udnMOq8VSzao2+XG1Ti21xN0fnv
        jRRhJnoAsuAoo+1or9IvYN9teWWOO89hAmSvWLRUVeUTItPw86PvI8yJ
        -----END PRIVATE KEY-----

        """
    static let nextClient = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUdiR6es4c4qlmWSgFlEGSiT5bRMYwCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPZmlyc3QtYXV0aG9yaXR5MCAXDTI2MTEyODE3MTc0N1oYDzIx
        MjYxMTA0MTcxNzQ3WjASMRAwDgYDVQQDDAdjbGllbnQyMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAE6l29rGywA51qV5UwLjSthzo12wVfzyhKuBAHDzr8k1UflnWr
        UxkAipCu8/w88LSdTUD8EY64/15i13xdQn/8iKNrMGkwHAYDVR0RBBUwE4IRZ2F0
        ZXdheS1uZXh0LnRlc3QwCQYDVR0TBAIwADAdBgNVHQ4EFgQUdKCmTY7F8de8ELTF
        zFVY13YLYV8wHwYDVR0jBBgwFoAUtzmaAMT/2cCz9Tgs+vdqCmBj0sMwCgYIKoZI
        zj0EAwIDSAAwRQIgXHf1CEONoFrnwqpfuuduIFD1fna3jMp11GpatCRDXuACIQCB
        mDX1ip85Yex2xrBekVmQrRpYxPip0fkxV0wJBNDk5w==
        -----END CERTIFICATE-----

        """
    static let nextClientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+yg/ocicDffRlfCP
        NL2TsuUFpSm6XwZhwNPhmaIllNGhRANCAATqXb2sbLADnWpXlTAuNK2HOjXbBV/P
        KEq4EAcPOvyTVR+WdatTGQCKkK7z/DzwtJ1NQPwRjrj/XmLXfF1Cf/yI
        -----END PRIVATE KEY-----

        """
}
