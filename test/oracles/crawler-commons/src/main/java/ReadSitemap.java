import crawlercommons.sitemaps.AbstractSiteMap;
import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.SiteMapURL;
import crawlercommons.sitemaps.UnknownFormatException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * Prints what crawler-commons accepts of a bundle when it is strict: FOLDER SITE, one JSON text a line. It fetches
 * nothing: the files of FOLDER are parsed as if they had come from SITE.
 */
public final class ReadSitemap {
  private final Path folder;
  private final String site;
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  private ReadSitemap(Path folder, String site) {
    this.folder = folder;
    this.site = site.endsWith("/") ? site : site + "/";
  }

  public static void main(String[] args) throws IOException {
    ReadSitemap reader = new ReadSitemap(Path.of(args[0]), args[1]);
    reader.read(reader.site + "sitemap.xml");
    reader.out.flush();
  }

  private void read(String address) throws IOException {
    if (!address.startsWith(site)) {
      problem(address, "is not of " + site);
      return;
    }
    Path file = folder.resolve(URLDecoder.decode(address.substring(site.length()), StandardCharsets.UTF_8));
    if (!Files.isRegularFile(file)) {
      problem(address, "is not there");
      return;
    }
    byte[] content = Files.readAllBytes(file);
    try {
      AbstractSiteMap sitemap = parse(content, address, true);
      if (sitemap.isIndex()) {
        for (AbstractSiteMap child : ((SiteMapIndex) sitemap).getSitemaps()) {
          read(child.getUrl().toString());
        }
      } else {
        report(address, urls(sitemap), urls(parse(content, address, false)));
      }
    } catch (UnknownFormatException e) {
      problem(address, e.getMessage());
    }
  }

  private static AbstractSiteMap parse(byte[] content, String address, boolean strict)
      throws IOException, UnknownFormatException {
    SiteMapParser parser = new SiteMapParser(strict);
    parser.setStrictNamespace(true);
    parser.enableExtensions();
    return parser.parseSiteMap(content, new URL(address));
  }

  private static List<SiteMapURL> urls(AbstractSiteMap sitemap) {
    return new ArrayList<>(((SiteMap) sitemap).getSiteMapUrls());
  }

  /** Strict parsing drops in silence; what only lenient parsing has, in the same order, is what it dropped. */
  private void report(String address, List<SiteMapURL> accepted, List<SiteMapURL> all) {
    int next = 0;
    for (SiteMapURL url : all) {
      boolean isAccepted = next < accepted.size() && text(accepted.get(next)).equals(text(url));
      if (isAccepted) {
        accepted(accepted.get(next));
        next += 1;
      } else {
        problem(address, "refused " + text(url));
      }
    }
  }

  private static String text(SiteMapURL url) {
    return url.getUrl().toString();
  }

  private void accepted(SiteMapURL url) {
    Date lastmod = url.getLastModified();
    String date = lastmod == null ? "" : ",\"lastmod\":" + quote(lastmod.toInstant().toString());
    out.println("{\"loc\":" + quote(text(url)) + date + "}");
  }

  private void problem(String address, String what) {
    out.println("{\"problem\":" + quote(address + ": " + what) + "}");
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
