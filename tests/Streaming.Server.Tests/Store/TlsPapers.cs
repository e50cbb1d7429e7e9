using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Server.Tests.Store;

/// <summary>A certificate authority and a certificate of it for this machine, as files.</summary>
internal sealed class TlsPapers : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-tls-").FullName;

    public TlsPapers()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), to = from.AddDays(30);
        using ECDsa root = ECDsa.Create(ECCurve.NamedCurves.nistP256), own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Streaming test authority", root, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using X509Certificate2 authority = request.CreateSelfSigned(from, to);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var wanted = new CertificateRequest("CN=127.0.0.1", own, HashAlgorithmName.SHA256);
        wanted.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = wanted.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, own.ExportPkcs8PrivateKeyPem());
    }

    public string Authority => Path.Combine(_folder, "authority.pem");

    public string Certificate => Path.Combine(_folder, "certificate.pem");

    public string Key => Path.Combine(_folder, "key.pem");

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);
}
